// Turns label maps into pictures: four bytes a pixel, red, green, blue, alpha.

import { OPEN, outlineOf } from "./maps.js";

/** "#rrggbb" by class id. */
export const coloursOf = (classes, palette) =>
  classes.map(({ colour, distinct }) => (palette === "distinct" ? distinct : colour));

const FAINT = 36; // alpha
const OUTLINE = 1 / 600; // of the long side: seen with the whole picture in view

/** Faint is what is not the `highlight`, if any, or less sure than the `threshold`, 0 to 255. */
export function paintLabels(
  { ids, confidence, width, height, detail = null },
  { colours, shown, highlight, outline, threshold },
) {
  const table = new Uint32Array(256);
  colours.forEach((colour, id) => {
    if (shown[id]) table[id] = packed(rgbOf(colour), highlight === null || highlight === id ? 255 : FAINT);
  });
  table[OPEN] = packed([255, 255, 255]);
  const faint = table.map((colour) => ((colour & 0xffffff) | (Math.min(FAINT, colour >>> 24) << 24)) >>> 0);
  const thickness = Math.max(1, Math.round(Math.max(width, height) * OUTLINE));
  const edges = outline && outlineOf(ids, width, height, thickness);
  const unsure = confidence && threshold > 0;
  const through = outline ? null : detail;
  const [sureInks, faintInks] = [table, faint].map((of) => (through ? shaded(of) : of));
  const out = new Uint32Array(ids.length);
  for (let at = 0; at < out.length; at++)
    if (!edges || edges[at]) {
      const inks = unsure && confidence[at] < threshold ? faintInks : sureInks;
      out[at] = inks[through ? (ids[at] << 8) | through[at] : ids[at]];
    }
  return new Uint8ClampedArray(out.buffer);
}

/** A table by id and detail (see detail.js): colours get darker and lighter as the photo does from pixel to pixel. */
function shaded(/** @type {Uint32Array} */ table) {
  const out = new Uint32Array(table.length << 8);
  table.forEach((colour, id) => {
    for (let detail = 0; colour && detail < 256; detail++) {
      const down = Math.min(255, 2 * detail);
      const up = Math.max(0, 2 * (detail - 128));
      let ink = colour & 0xff000000;
      for (let bit = 0; bit < 24; bit += 8) {
        const level = (((colour >>> bit) & 255) * down) / 255;
        ink |= (level + ((255 - level) * up) / 255) << bit;
      }
      out[(id << 8) | detail] = ink;
    }
  });
  return out;
}

export function rgbOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

// Every machine that runs a browser puts the lowest byte first.
export const packed = (/** @type {number[]} */ [red, green, blue], alpha = 255) =>
  ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
