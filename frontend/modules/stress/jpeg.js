// What JPEG loses: colour at half resolution, and the frequencies of 8x8 px blocks in steps. No codec, but the lossy
// steps of one, in whole numbers: the twin of shared/stress/jpeg.py.

import { within } from "./blur.js";

const QUALITY = [25, 18, 15, 10, 7];
// biome-ignore format: a table
const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA = Array(64).fill(99);
for (const [row, values] of [
  [17, 18, 24, 47],
  [18, 21, 26, 66],
  [24, 26, 56, 99],
  [47, 66, 99, 99],
].entries())
  for (const [column, value] of values.entries()) CHROMA[8 * row + column] = value;

const ONE = 2 ** 12;
/** The wave of each frequency, in 4096ths. */
const DCT = Float64Array.from({ length: 64 }, (_, at) => {
  const [frequency, place] = [Math.floor(at / 8), at % 8];
  const wave = Math.cos((Math.PI / 8) * frequency * (place + 0.5)) / 2 / (frequency ? 1 : Math.sqrt(2));
  return Math.floor(ONE * wave + 0.5);
});

/** A photo through JPEG of low quality, colour 4:2:0. */
export function jpeg({ pixels, width, height }, severity) {
  const percent = Math.floor(5000 / QUALITY[severity - 1]);
  const [luma, chroma] = [LUMA, CHROMA].map((table) =>
    table.map((step) => Math.max(1, Math.min(255, Math.floor((step * percent + 50) / 100)))),
  );
  const [wide, high] = [width, height].map((side) => Math.ceil(side / 16) * 16);
  const [y, cb, cr] = Array.from({ length: 3 }, () => new Int32Array(wide * high));
  for (let row = 0; row < high; row++)
    for (let x = 0; x < wide; x++) {
      const from = 4 * (within(row, height - 1) * width + within(x, width - 1));
      const [red, green, blue] = [pixels[from], pixels[from + 1], pixels[from + 2]];
      const at = row * wide + x;
      y[at] = ((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16) - 128;
      cb[at] = (-11059 * red - 21709 * green + 32768 * blue + 32768) >> 16;
      cr[at] = (32768 * red - 27439 * green - 5329 * blue + 32768) >> 16;
    }
  quantise(y, wide, luma);
  const [blues, reds] = [cb, cr].map((plane) => {
    const small = halved(plane, wide, high);
    quantise(small, wide / 2, chroma);
    return small;
  });
  const out = new Uint8ClampedArray(pixels);
  for (let row = 0; row < height; row++)
    for (let x = 0; x < width; x++) {
      const to = 4 * (row * width + x);
      const light = y[row * wide + x] + 128;
      const at = (row >> 1) * (wide / 2) + (x >> 1);
      out[to] = light + ((91881 * reds[at] + 32768) >> 16);
      out[to + 1] = light + ((-22554 * blues[at] - 46802 * reds[at] + 32768) >> 16);
      out[to + 2] = light + ((116130 * blues[at] + 32768) >> 16);
    }
  return { pixels: out, width, height };
}

/** The mean of each 2x2 px, rounded half up. */
function halved(plane, wide, high) {
  const out = new Int32Array((wide * high) / 4);
  let to = 0;
  for (let row = 0; row < high; row += 2)
    for (let at = row * wide; at < (row + 1) * wide; at += 2)
      out[to++] = (plane[at] + plane[at + 1] + plane[at + wide] + plane[at + wide + 1] + 2) >> 2;
  return out;
}

/** Bring the frequencies of a plane's blocks to whole multiples of their steps, rounded half up. */
function quantise(plane, wide, steps) {
  const [block, part] = [new Float64Array(64), new Float64Array(64)];
  const scale = ONE * ONE;
  for (let top = 0; top < plane.length; top += 8 * wide)
    for (let left = top; left < top + wide; left += 8) {
      for (let at = 0; at < 64; at++) block[at] = plane[left + (at >> 3) * wide + (at & 7)];
      multiply(DCT, block, part, false, false);
      multiply(part, DCT, block, false, true);
      for (let at = 0; at < 64; at++) block[at] = Math.floor(block[at] / (steps[at] * scale) + 0.5) * steps[at];
      multiply(DCT, block, part, true, false);
      multiply(part, DCT, block, false, false);
      for (let at = 0; at < 64; at++)
        plane[left + (at >> 3) * wide + (at & 7)] = Math.max(-128, Math.min(127, Math.floor(block[at] / scale + 0.5)));
    }
}

/** Two matrices of 8x8, either turned over its diagonal. */
function multiply(one, other, out, turnOne, turnOther) {
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++) {
      let sum = 0;
      for (let i = 0; i < 8; i++)
        sum += one[turnOne ? 8 * i + row : 8 * row + i] * other[turnOther ? 8 * column + i : 8 * i + column];
      out[8 * row + column] = sum;
    }
}
