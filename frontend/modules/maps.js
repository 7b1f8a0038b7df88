// Label and confidence maps as numbers, from the pixels that a canvas gives. No DOM here: it runs in a worker and in node.

/** The byte for "no class": what ground truth leaves open, and any colour that is no class's. */
export const NOTHING = 255;

/**
 * A canvas turns a palette image into colours; this turns them back into ids, exactly.
 * @param {Uint8ClampedArray} rgba four bytes a pixel
 * @param {string[]} colours "#rrggbb" of each class, by id
 * @returns {Uint8Array} one id a pixel
 */
export function idsOf(rgba, colours) {
  const known = new Map(colours.map((colour, id) => [Number.parseInt(colour.slice(1), 16), id]));
  const ids = new Uint8Array(rgba.length / 4);
  let colour = -1;
  let id = NOTHING;
  for (let pixel = 0; pixel < ids.length; pixel++) {
    const at = 4 * pixel;
    const here = (rgba[at] << 16) | (rgba[at + 1] << 8) | rgba[at + 2];
    if (here !== colour) {
      colour = here;
      id = known.get(here) ?? NOTHING;
    }
    ids[pixel] = id;
  }
  return ids;
}

/** One byte a pixel of a gray image. */
export function grayOf(rgba) {
  return Uint8Array.from({ length: rgba.length / 4 }, (_, pixel) => rgba[4 * pixel]);
}

/** The index of the pixel at (x, y), each a share of the whole from 0 to 1; never outside. */
export function pixelAt(x, y, width, height) {
  const inside = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
  return inside(y, height) * width + inside(x, width);
}
