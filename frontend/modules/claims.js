// What this browser may have deleted: the tokens of its POSTs, by photo, kept until the photo is gone anyway.

const KEY = "tripane.claims";
let claims = read(); // id to { tokens, made }

export const tokensOf = (id) => claims[id]?.tokens ?? [];

export function keepToken(id, token) {
  claims[id] = { tokens: [...tokensOf(id), token], made: Date.now() };
  write();
}

export function dropToken(id, token) {
  const tokens = tokensOf(id).filter((other) => other !== token);
  if (tokens.length > 0) claims[id].tokens = tokens;
  else delete claims[id];
  write();
}

/** Photos live for so many hours. */
export function forgetOld(hours) {
  const isAlive = ({ made }) => Date.now() - made < hours * 3_600_000;
  claims = Object.fromEntries(Object.entries(claims).filter(([, claim]) => isAlive(claim)));
  write();
}

/** Browsers may keep a page from storing anything: claims are good for this visit then. */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write() {
  try {
    localStorage.setItem(KEY, JSON.stringify(claims));
  } catch {}
}
