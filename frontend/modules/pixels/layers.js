// Turns into pictures, as paint.js does, what can be looked at instead of labels.

import { ALL_DIFFERENT, BOUNDARY, REGION, UNKNOWN, WRONG } from "./maps.js";
import { packed, rgbOf } from "./paint.js";

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
