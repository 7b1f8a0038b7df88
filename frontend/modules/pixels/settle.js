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

/** What most px of the square around each say; of equals its own answer, else the lowest id. */
export function settled(ids, width, height, radius) {
  if (radius < 1) return ids;
  const out = ids.slice();
  const sides = evenSquares(ids, width);
  const votes = new Uint16Array(256);
  const present = histogram(ids);
  const said = [...present.keys()].filter((id) => present[id] > 0);
  for (let row = 0; row < height; row++)
    for (let x = 0; x < width; x++) {
      const inside = x >= radius && row >= radius && x + radius < width && row + radius < height;
      const at = row * width + x;
      if (inside && sides[at + radius * width + radius] > 2 * radius) continue;
      const [top, bottom] = [Math.max(0, row - radius), Math.min(height - 1, row + radius)];
      const [left, right] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)];
      votes.fill(0);
      for (let y = top; y <= bottom; y++) for (let i = y * width + left; i <= y * width + right; i++) votes[ids[i]]++;
      let best = ids[at];
      for (const id of said) if (votes[id] > votes[best]) best = id;
      out[at] = best;
    }
  return out;
}

/** The side of the largest square of one id that ends at each pixel, its lower right. */
function evenSquares(ids, width) {
  const sides = new Uint16Array(ids.length);
  for (let at = 0; at < ids.length; at++) {
    const [left, above, corner] = [at - 1, at - width, at - width - 1];
    const even =
      at % width && corner >= 0 && ids[left] === ids[at] && ids[above] === ids[at] && ids[corner] === ids[at];
    sides[at] = even ? 1 + Math.min(sides[left], sides[above], sides[corner]) : 1;
  }
  return sides;
}
