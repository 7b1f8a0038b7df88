// Label maps as they are shown: without the combs that unpooling leaves along outlines. Ids stay ids, and the maps that
// models wrote are what is counted, read out and saved.

import { histogram } from "./maps.js";

/** ENet's decoder doubles its maps twice by unpooling, so its answer is made of cells of four px of its input. */
const CELL = 4;
export const AROUND = CELL / 2; // px of the network's input

/** How far to look around, in px of a result of this size: half a cell of the network's input. */
export function radiusFor(/** @type {any} */ input, { width, height }) {
  if (!input) return 0;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const scale = Math.min(input.short_side / short, input.max_enlargement, input.max_long_side / long);
  return Math.round(AROUND / scale);
}

/** What most px of the square around each say; in a tie its own answer, else the lowest id. */
export function settled(ids, width, height, radius) {
  if (radius < 1) return ids;
  const out = ids.slice();
  const sides = evenSquares(ids, width);
  const present = histogram(ids);
  const said = present.map((_, id) => id).filter((id) => present[id] > 0);
  const votes = new Uint16Array(256); // within the square around `at`
  for (let row = 0, at = 0; row < height; row++) {
    const top = Math.max(0, row - radius) * width;
    const bottom = Math.min(height - 1, row + radius) * width;
    const count = (x, step) => {
      for (let i = top + x; i <= bottom + x; i += width) votes[ids[i]] += step;
    };
    let counted = -2; // the column that the votes are of
    for (let x = 0; x < width; x++, at++) {
      const inside = x >= radius && row >= radius && x + radius < width && row + radius < height;
      if (inside && sides[at + radius * width + radius] > 2 * radius) continue;
      if (counted === x - 1) {
        if (x > radius) count(x - radius - 1, -1);
        if (x + radius < width) count(x + radius, 1);
      } else {
        votes.fill(0);
        for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++) count(i, 1);
      }
      counted = x;
      let best = ids[at];
      for (let i = 0; i < said.length; i++) if (votes[said[i]] > votes[best]) best = said[i];
      out[at] = best;
    }
  }
  return out;
}

/** The side of the largest square of one id that ends at each pixel, its lower right. */
function evenSquares(ids, width) {
  const sides = new Uint16Array(ids.length).fill(1);
  for (let row = width; row < ids.length; row += width)
    for (let at = row + 1; at < row + width; at++) {
      const id = ids[at];
      if (ids[at - 1] === id && ids[at - width] === id && ids[at - width - 1] === id)
        sides[at] = 1 + Math.min(sides[at - 1], sides[at - width], sides[at - width - 1]);
    }
  return sides;
}
