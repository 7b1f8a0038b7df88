// A photo's fine structure, which masks let through: how much lighter or darker each pixel is than what is around it.

const REACH = 1 / 128; // of the long side: how far around
const NONE = 128;
const GAIN = 0.6;

/** One byte a pixel: 128 is no lighter and no darker, 255 and 0 the most. */
export function detailOf(rgba, width, height) {
  const light = new Uint8Array(width * height);
  for (let at = 0, i = 0; at < light.length; at++, i += 4)
    light[at] = (54 * rgba[i] + 183 * rgba[i + 1] + 19 * rgba[i + 2]) >> 8; // Rec. 709
  const reach = Math.max(2, Math.round(Math.max(width, height) * REACH));
  const across = averaged(light, width, height, reach, 1, width);
  const around = averaged(across, height, width, reach, width, 1);
  const out = new Uint8ClampedArray(light.length);
  for (let at = 0; at < out.length; at++) out[at] = NONE + GAIN * (light[at] - around[at]);
  return new Uint8Array(out.buffer);
}

/** The mean within `reach`, along `lines` lines, `next` apart, of `length` px, `step` apart. */
function averaged(map, length, lines, reach, step, next) {
  const out = new Uint8Array(map.length);
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    let [sum, count] = [0, 0];
    for (let at = -reach; at < length; at++) {
      if (at + reach < length) {
        sum += map[start + (at + reach) * step];
        count++;
      }
      if (at - reach - 1 >= 0) {
        sum -= map[start + (at - reach - 1) * step];
        count--;
      }
      if (at >= 0) out[start + at * step] = sum / count;
    }
  }
  return out;
}
