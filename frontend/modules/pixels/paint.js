// Turns maps into pictures: four bytes a pixel, red, green, blue, alpha.

import { ALL_DIFFERENT, BOUNDARY, OPEN, outlineOf, REGION, UNKNOWN, WRONG } from "./maps.js";

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

const HEAT = ["#fde737", "#bfb255", "#7d7c78", "#3f4b6d", "#00224e"].map(rgbOf);

/** From yellow to dark blue, which reads the same with any colour vision. */
export function paintConfidence(confidence) {
  return painted(
    confidence,
    Array.from({ length: 256 }, (_, value) => {
      const place = (value / 255) * (HEAT.length - 1);
      const from = Math.min(HEAT.length - 2, Math.floor(place));
      return packed(HEAT[from].map((c, i) => Math.round(c + (HEAT[from + 1][i] - c) * (place - from))));
    }),
  );
}

export const paintErrors = (errors) =>
  painted(errors, { [WRONG]: packed([230, 40, 30]), [UNKNOWN]: packed([128, 128, 128], 160) });

/** What all agree on is dark, so that the rest stands out. */
export const paintDispute = (kinds) =>
  painted(kinds, {
    0: packed([10, 14, 20], 150),
    [BOUNDARY]: packed([120, 205, 240], 220),
    [REGION]: packed([255, 150, 20]),
    [ALL_DIFFERENT]: packed([255, 70, 150]),
  });

function painted(map, colours) {
  const table = Object.assign(new Uint32Array(256), colours);
  const out = new Uint32Array(map.length);
  for (let at = 0; at < out.length; at++) out[at] = table[map[at]];
  return new Uint8ClampedArray(out.buffer);
}

// Every machine that runs a browser puts the lowest byte first.
const packed = (/** @type {number[]} */ [red, green, blue], alpha = 255) =>
  ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
