// What several label maps of one size say together.

/** Agreed on by all, differing somehow, and no two the same. */
export const AGREED = 0;
export const DIFFERENT = 1;
export const ALL_DIFFERENT = 2;

/** The byte of a pixel on which no two maps agree, in a consensus. */
export const OPEN = 254;

/**
 * How far the maps differ at each pixel.
 * @param {Uint8Array[]} maps at least two
 * @returns {Uint8Array} AGREED, DIFFERENT or ALL_DIFFERENT; two maps that differ are DIFFERENT
 */
export function disputeOf(maps) {
  const out = new Uint8Array(maps[0].length);
  for (let at = 0; at < out.length; at++) {
    if (!same(maps, at)) out[at] = maps.length > 2 && answerOfMost(maps, at) === OPEN ? ALL_DIFFERENT : DIFFERENT;
  }
  return out;
}

/**
 * What most maps say of each pixel.
 * @param {Uint8Array[]} maps
 * @returns {Uint8Array} ids; OPEN where no two agree, or two answers have as many votes
 */
export function consensusOf(maps) {
  const out = new Uint8Array(maps[0].length);
  for (let at = 0; at < out.length; at++) out[at] = same(maps, at) ? maps[0][at] : answerOfMost(maps, at);
  return out;
}

function same(maps, at) {
  for (let i = 1; i < maps.length; i++) if (maps[i][at] !== maps[0][at]) return false;
  return true;
}

function answerOfMost(maps, at) {
  let best = OPEN;
  let most = 1;
  for (let i = 0; i < maps.length; i++) {
    const id = maps[i][at];
    let votes = 0;
    for (let j = 0; j < maps.length; j++) if (maps[j][at] === id) votes++;
    if (votes > most) {
      most = votes;
      best = id;
    } else if (votes === most && id !== best) best = OPEN;
  }
  return best;
}
