// Turns maps into pictures: four bytes a pixel, red, green, blue, alpha.

import { OPEN } from "./agreement.js";
import { BOUNDARY, REGION, REGION_ALL_DIFFERENT } from "./dispute.js";
import { UNKNOWN, WRONG } from "./errors.js";
import { outlineOf } from "./outline.js";
import { rgbOf } from "./palette.js";

/** Alpha of what is not meant: classes other than the highlighted one, and pixels too unsure to count. */
const FAINT = 36;
/** Of the long side: thick enough to be seen with the whole picture in view. */
const OUTLINE = 1 / 600;

/**
 * How labels are painted.
 * @typedef {object} LabelStyle
 * @property {string[]} colours "#rrggbb" by id
 * @property {boolean[]} shown by id
 * @property {number|null} highlight the one class that stands out
 * @property {boolean} outline only the outlines of areas
 * @property {number} threshold 0 to 255: what is less sure than this fades
 */

/**
 * @param {{ids: Uint8Array, confidence: Uint8Array|null, width: number, height: number}} map
 * @param {LabelStyle} style
 * @returns {Uint8ClampedArray}
 */
export function paintLabels({ ids, confidence, width, height }, style) {
  const table = labelTable(style);
  const faint = table.map((colour) => withAlpha(colour, Math.min(FAINT, colour >>> 24)));
  const edges = style.outline
    ? outlineOf(ids, width, height, Math.max(1, Math.round(Math.max(width, height) * OUTLINE)))
    : null;
  const unsure = confidence && style.threshold > 0;
  const out = new Uint32Array(ids.length);
  for (let at = 0; at < out.length; at++) {
    if (edges && !edges[at]) continue;
    const id = ids[at];
    out[at] = unsure && confidence[at] < style.threshold ? faint[id] : table[id];
  }
  return new Uint8ClampedArray(out.buffer);
}

function labelTable({ colours, shown, highlight }) {
  const table = new Uint32Array(256);
  colours.forEach((colour, id) => {
    if (!shown[id]) return;
    table[id] = packed(rgbOf(colour), highlight === null || highlight === id ? 255 : FAINT);
  });
  table[OPEN] = packed([255, 255, 255], 255);
  return table;
}

const HEAT = ["#fde737", "#bfb255", "#7d7c78", "#3f4b6d", "#00224e"].map(rgbOf);

/** Confidence as a scale from yellow (unsure) to dark blue (sure), which reads the same with any colour vision. */
export function paintConfidence(confidence) {
  const table = new Uint32Array(256);
  for (let value = 0; value < 256; value++) {
    const place = (value / 255) * (HEAT.length - 1);
    const from = Math.min(HEAT.length - 2, Math.floor(place));
    const mixed = HEAT[from].map((c, i) => Math.round(c + (HEAT[from + 1][i] - c) * (place - from)));
    table[value] = packed(mixed, 255);
  }
  return painted(confidence, table);
}

/** Errors in red, what is right clear, what nobody knows gray. */
export function paintErrors(errors) {
  const table = new Uint32Array(256);
  table[WRONG] = packed([230, 40, 30], 255);
  table[UNKNOWN] = packed([128, 128, 128], 160);
  return painted(errors, table);
}

/** Disputed regions strong, bands along outlines thin and pale; what all agree on dark, so that these stand out. */
export function paintDispute(kinds) {
  const table = new Uint32Array(256);
  table[0] = packed([10, 14, 20], 150);
  table[BOUNDARY] = packed([120, 205, 240], 220);
  table[REGION] = packed([255, 150, 20], 255);
  table[REGION_ALL_DIFFERENT] = packed([255, 70, 150], 255);
  return painted(kinds, table);
}

function painted(map, table) {
  const out = new Uint32Array(map.length);
  for (let at = 0; at < out.length; at++) out[at] = table[map[at]];
  return new Uint8ClampedArray(out.buffer);
}

// Every machine that runs a browser puts the lowest byte first.
const packed = ([red, green, blue], alpha) => ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
const withAlpha = (colour, alpha) => ((colour & 0xffffff) | (alpha << 24)) >>> 0;
