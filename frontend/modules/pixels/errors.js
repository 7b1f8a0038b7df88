// Where a model is wrong, as far as the truth is known.

import { NOTHING } from "./grid.js";

export const RIGHT = 0;
export const WRONG = 1;
export const UNKNOWN = 2;

/**
 * @param {Uint8Array} ids a model's answer
 * @param {Uint8Array} truth of the same size
 * @returns {Uint8Array} RIGHT, WRONG, or UNKNOWN where the truth leaves the class open
 */
export function errorsOf(ids, truth) {
  const out = new Uint8Array(ids.length);
  for (let at = 0; at < out.length; at++) {
    if (truth[at] === NOTHING) out[at] = UNKNOWN;
    else if (truth[at] !== ids[at]) out[at] = WRONG;
  }
  return out;
}
