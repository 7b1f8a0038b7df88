// The outlines of a label map's areas.

/**
 * @param {Uint8Array} ids
 * @param {number} thickness in px, drawn inside each area
 * @returns {Uint8Array} 1 where another id is nearer than `thickness` in the row or the column, else 0
 */
export function outlineOf(ids, width, height, thickness) {
  const out = new Uint8Array(ids.length);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const at = row * width + x;
      if (x + 1 < width && ids[at] !== ids[at + 1]) mark(out, at, 1, thickness, x, width - 1 - x);
      if (row + 1 < height && ids[at] !== ids[at + width]) mark(out, at, width, thickness, row, height - 1 - row);
    }
  }
  return out;
}

/** Mark both sides of an edge between `at` and `at + step`, never beyond the line's ends. */
function mark(out, at, step, thickness, before, after) {
  for (let i = 0; i < Math.min(thickness, before + 1); i++) out[at - i * step] = 1;
  for (let i = 1; i < Math.min(thickness, after) + 1; i++) out[at + i * step] = 1;
}
