// Tells regions on which models really differ from the thin bands in which they only draw an outline differently.

import { AGREED, ALL_DIFFERENT } from "./agreement.js";
import { componentsOf } from "./components.js";
import { opened } from "./morphology.js";

/** What a disputed pixel belongs to; 0 is not disputed. */
export const BOUNDARY = 1;
export const REGION = 2;
export const REGION_ALL_DIFFERENT = 3;

/** Of the long side: a band narrower than this is an outline. Networks answer every 8th pixel at twice that scale. */
const WIDTH = 1 / 128;
/** Of the picture: smaller islands are specks. */
const SPECK = 1 / 10_000;

/**
 * @param {Uint8Array} dispute as of `disputeOf`
 * @returns {Uint8Array} 0, BOUNDARY, REGION or REGION_ALL_DIFFERENT
 */
export function kindsOf(dispute, width, height) {
  const radius = Math.max(1, Math.round((Math.max(width, height) * WIDTH) / 2));
  const { labels, areas } = componentsOf(opened(dispute, width, height, radius), width, height);
  const least = dispute.length * SPECK;
  const out = new Uint8Array(dispute.length);
  for (let at = 0; at < out.length; at++) {
    if (dispute[at] === AGREED) continue;
    if (areas[labels[at]] < least) out[at] = BOUNDARY;
    else out[at] = dispute[at] === ALL_DIFFERENT ? REGION_ALL_DIFFERENT : REGION;
  }
  return out;
}
