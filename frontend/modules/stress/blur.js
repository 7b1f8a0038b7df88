// What lens, motion and few pixels do to a photo: the twin of shared/stress/blur.py, which says where the numbers are
// from. Photos are RGBA, and their alpha is left alone.

import { uniform } from "./random.js";

const RADIUS = [3, 4, 6, 8, 10];
const MOTION = [
  [10, 3],
  [15, 5],
  [15, 8],
  [15, 12],
  [20, 15],
];
const FACTOR = [0.6, 0.5, 0.4, 0.3, 0.25];

export const within = (at, last) => Math.max(0, Math.min(last, at));

/** The mean over a disk. */
export function defocus({ pixels, width, height }, severity, _seed, scale) {
  const reach = RADIUS[severity - 1] * scale + 0.5;
  const radius = Math.floor(reach);
  const halves = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.floor(Math.sqrt(reach ** 2 - (i - radius) ** 2)),
  );
  const count = halves.reduce((sum, half) => sum + 2 * half + 1, 0);
  const half = Math.floor(count / 2);
  const out = new Uint8ClampedArray(pixels);
  const stride = width + 2 * radius + 1;
  const sums = new Uint32Array(stride * height); // of a row up to each pixel, one channel at a time
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let x = 0; x < stride; x++) {
        sum += pixels[4 * (y * width + within(x - radius - 1, width - 1)) + channel];
        sums[y * stride + x] = sum;
      }
    }
    const totals = new Uint32Array(width);
    for (let y = 0; y < height; y++) {
      totals.fill(half);
      halves.forEach((reached, i) => {
        const row = within(y + i - radius, height - 1) * stride;
        const [right, left] = [row + radius + 1 + reached, row + radius - reached];
        for (let x = 0; x < width; x++) totals[x] += sums[right + x] - sums[left + x];
      });
      for (let x = 0; x < width; x++) out[4 * (y * width + x) + channel] = Math.floor(totals[x] / count);
    }
  }
  return { pixels: out, width, height };
}

/** Each pixel and those behind it on a line, weighted by half a bell curve in whole 256ths. */
export function motionBlur({ pixels, width, height }, severity, seed, scale) {
  const [half, deviation] = MOTION[severity - 1];
  const steps = Math.max(1, Math.floor((2 * half + 1) * scale + 0.5));
  const curve = Array.from({ length: steps }, (_, i) => Math.exp(-((i / (deviation * scale)) ** 2) / 2));
  const whole = curve.reduce((sum, value) => sum + value, 0);
  const angle = ((90 * uniform(1, seed, 1)[0] - 45) * Math.PI) / 180;
  const totals = new Uint16Array(4 * width * height).fill(128);
  let [before, sum] = [0, 0];
  curve.forEach((value, i) => {
    sum += value;
    const weight = Math.floor((256 * sum) / whole + 0.5) - before;
    before += weight;
    if (!weight) return;
    const [across, down] = [Math.floor(i * Math.cos(angle) + 0.5), Math.floor(i * Math.sin(angle) + 0.5)];
    for (let y = 0; y < height; y++) {
      const row = within(y + down, height - 1) * width;
      for (let x = 0; x < width; x++) {
        const from = 4 * (row + Math.min(width - 1, x + across));
        const to = 4 * (y * width + x);
        totals[to] += weight * pixels[from];
        totals[to + 1] += weight * pixels[from + 1];
        totals[to + 2] += weight * pixels[from + 2];
      }
    }
  });
  const out = Uint8ClampedArray.from(totals, (total, at) => (at % 4 === 3 ? pixels[at] : total >> 8));
  return { pixels: out, width, height };
}

/** Made smaller, each new pixel the mean of what it covers, and brought back bilinearly. */
export function lowResolution({ pixels, width, height }, severity) {
  const factor = FACTOR[severity - 1];
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.floor(side * factor + 0.5)));
  const from = { values: Float32Array.from(pixels), width, height, channels: 4 };
  const small = resampled(from, averaging(height, rows), averaging(width, columns));
  small.values = small.values.map((value) => Math.floor(value + 0.5));
  const { values } = resampled(small, enlarging(rows, height), enlarging(columns, width));
  return { pixels: Uint8ClampedArray.from(values, (value) => Math.floor(value + 0.5)), width, height };
}

/** Each new row and column a weighted sum of old ones: for each a list of places and weights. */
export function resampled({ values, width, height, channels }, rows, columns) {
  const across = new Float32Array(channels * columns.length * height);
  for (let y = 0; y < height; y++)
    columns.forEach((parts, x) => {
      for (const [from, weight] of parts)
        for (let channel = 0; channel < channels; channel++)
          across[channels * (y * columns.length + x) + channel] +=
            weight * values[channels * (y * width + from) + channel];
    });
  const stride = channels * columns.length;
  const out = new Float32Array(stride * rows.length);
  rows.forEach((parts, y) => {
    for (const [from, weight] of parts)
      for (let at = 0; at < stride; at++) out[y * stride + at] += weight * across[from * stride + at];
  });
  return { values: out, width: columns.length, height: rows.length, channels };
}

/** New pixel i is the mean of what lies from i to i + 1 times size / smaller. */
export function averaging(size, smaller) {
  return Array.from({ length: smaller }, (_, i) => {
    const [from, to] = [i * (size / smaller), (i + 1) * (size / smaller)];
    const parts = [];
    for (let pixel = Math.floor(from); pixel < Math.min(size, Math.ceil(to)); pixel++)
      parts.push([pixel, Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel)) * (smaller / size)]);
    return parts;
  });
}

/** Weights of a linear interpolation between the two nearest pixel centres. */
export const enlarging = (size, larger) =>
  between(
    Array.from({ length: larger }, (_, i) => within((i + 0.5) * (size / larger) - 0.5, size - 1)),
    size,
  );

/** How much each of some points, which lie at 0, 1, 2 and so on, counts at each place. */
export const between = (places, points) =>
  places.map((place) => {
    const first = Math.min(Math.floor(place), points - 1);
    const share = place - first;
    return share
      ? [
          [first, 1 - share],
          [Math.min(first + 1, points - 1), share],
        ]
      : [[first, 1]];
  });
