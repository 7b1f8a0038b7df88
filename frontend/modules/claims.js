// What this browser may have deleted: the tokens of its POSTs, by photo, kept until the photo is gone anyway.

const KEY = "tripane.claims";
let visit = {}; // id to { tokens, made }: what there is where the browser keeps nothing

export const tokensOf = (id) => all()[id]?.tokens ?? [];

/** Photos that were sent in this visit: the token of one comes late, or never. */
export const sent = new Set();

/** Whether the API may know a picture: a photo of this device only if it was sent. */
export const isSent = ({ id, image }) => id && (!(image instanceof Blob) || sent.has(id) || tokensOf(id).length > 0);

export function keepToken(id, token) {
  const claims = all();
  keep({ ...claims, [id]: { tokens: [...(claims[id]?.tokens ?? []), token], made: Date.now() } });
}

export function dropToken(id, token) {
  sent.delete(id);
  const { [id]: claim, ...others } = all();
  const tokens = (claim?.tokens ?? []).filter((other) => other !== token);
  keep(tokens.length > 0 ? { ...others, [id]: { ...claim, tokens } } : others);
}

/** Drops claims on photos that are gone after so many hours. */
export function forgetOld(hours) {
  const isAlive = ({ made }) => Date.now() - made < hours * 3_600_000;
  keep(Object.fromEntries(Object.entries(all()).filter(([, claim]) => isAlive(claim))));
}

/** Read anew each time: another tab may have sent a photo meanwhile. */
function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? visit;
  } catch {
    return visit;
  }
}

/** Browsers may keep a page from storing anything: claims are good for this visit then. */
function keep(claims) {
  visit = claims;
  try {
    localStorage.setItem(KEY, JSON.stringify(claims));
  } catch {}
}
