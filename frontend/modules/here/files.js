// The engine and the networks, fetched when they are first wanted, kept by the browser, held to their SHA-256.

const KEPT = "tripane-engine";

/** The bytes of a file of our own origin; `onBytes` gets how many have come, of how many, 0 if that is unknown. */
export async function fetchFile(url, { sha256 = null, onBytes = (_url, _bytes, _all) => {} } = {}) {
  // An insecure context has no such store, and a private window may refuse.
  const cache = await globalThis.caches?.open(KEPT).catch(() => null);
  const kept = await cache?.match(url);
  const bytes = kept ? new Uint8Array(await kept.arrayBuffer()) : await read(url, onBytes);
  if (sha256 && !(await isThat(bytes, sha256))) {
    await cache?.delete(url);
    throw new Error(`${nameOf(url)} is another file than the model's card names. Reload the page and try again.`);
  }
  if (!kept && cache) await keep(cache, url, bytes).catch(() => {}); // where there is no room for it
  return bytes;
}

/** Replaces what was kept before under another address. */
async function keep(cache, url, bytes) {
  for (const { url: other } of await cache.keys()) if (kindOf(other) === kindOf(url)) await cache.delete(other);
  await cache.put(url, new Response(bytes));
}

const nameOf = (url) => new URL(url).pathname.split("/").at(-1);
const kindOf = (url) => nameOf(url).replace(/-[0-9a-f]{16}\./, ".");

async function asked(url) {
  const response = await fetch(url).catch(() => null);
  if (!response) throw new Error(`${nameOf(url)} could not be fetched: there is no connection. Try again.`);
  if (!response.ok)
    throw new Error(`${nameOf(url)} is not on this server (${response.status}).`, { cause: response.status });
  return response;
}

async function read(url, onBytes) {
  onBytes(url, 0, 0);
  const response = await asked(url);
  const { headers } = response;
  // A compressed file is longer than the header says.
  const length = headers.get("Content-Encoding") ? 0 : Number(headers.get("Content-Length"));
  const parts = [];
  let bytes = 0;
  for (let reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(`${nameOf(url)} did not come whole: the connection broke off. Try again.`);
    });
    if (done) {
      onBytes(url, bytes, bytes);
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    }
    parts.push(value);
    bytes += value.length;
    onBytes(url, bytes, length && Math.max(bytes, length));
  }
}

async function isThat(bytes, sha256) {
  if (!crypto.subtle) return true; // kept from unsafe origins, where whoever changes files can change this page too
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
