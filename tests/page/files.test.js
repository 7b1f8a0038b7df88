import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";

import { fetchFile } from "../../frontend/modules/here/files.js";

const BYTES = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");
const url = (digits) => `https://here.test/networks/enet-${digits.repeat(16)}.onnx`;

/** A browser's store of files, as much of it as is asked for. */
class Cache {
  files = new Map();
  match = async (at) => this.files.get(at)?.clone();
  put = async (at, response) => void this.files.set(at, response);
  delete = async (at) => this.files.delete(at);
  keys = async () => [...this.files.keys()].map((at) => ({ url: at }));
}

const answers = (make) => {
  globalThis.fetch = async () => make();
};
const before = { fetch: globalThis.fetch, caches: globalThis.caches };
afterEach(() => Object.assign(globalThis, before));

test("a file comes once, with news of how much of it has, and then from the store", async () => {
  globalThis.caches = { open: async (name) => (stores[name] ??= new Cache()) };
  const stores = {};
  const news = [];
  answers(() => new Response(BYTES, { headers: { "Content-Length": "5000" } }));
  const fetched = await fetchFile(url("a"), { sha256: SHA256, onBytes: (...told) => news.push(told) });
  assert.deepEqual(fetched, BYTES);
  assert.deepEqual(news.at(-1), [url("a"), 5000, 5000]);
  answers(() => assert.fail("it is kept"));
  assert.deepEqual(await fetchFile(url("a"), { sha256: SHA256 }), BYTES);
  answers(() => new Response(BYTES));
  await fetchFile("https://here.test/networks/swiftnet-0123456789abcdef.onnx");
  await fetchFile(url("b"));
  const [store] = Object.values(stores);
  assert.equal(store.files.has(url("a")), false, "what another took the place of is not kept for good");
  assert.equal(store.files.size, 2);
});

test("without a store, or room in it, it is fetched each time", async () => {
  answers(() => new Response(BYTES));
  const full = new Cache();
  full.put = async () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const refused = async () => {
    throw new DOMException("refused", "SecurityError");
  };
  for (const caches of [undefined, { open: refused }, { open: async () => full }]) {
    globalThis.caches = caches;
    assert.deepEqual(await fetchFile(url("a"), { sha256: SHA256 }), BYTES);
  }
});

test("what goes wrong is said with what to do, and nothing of it is kept", async () => {
  const store = new Cache();
  globalThis.caches = { open: async () => store };
  const failing = async (make, words) => {
    answers(make);
    await assert.rejects(fetchFile(url("a"), { sha256: SHA256 }), words);
    assert.equal(store.files.size, 0);
  };
  await failing(() => Promise.reject(new TypeError("Failed to fetch")), /there is no connection. Try again/);
  await failing(() => new Response("", { status: 404 }), /enet-a{16}.onnx is not on this server \(404\)/);
  await failing(() => new Response(BYTES.subarray(1)), /another file than the model's card names/);
  let sent = 0;
  const broken = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => (sent++ ? controller.error(new TypeError("network error")) : controller.enqueue(BYTES)),
      }),
    );
  await failing(broken, /the connection broke off. Try again/);
});
