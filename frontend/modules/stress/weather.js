// What weather, night and a sensor do to a photo: the twin of shared/stress/weather.py and sensor.py, which say where
// the numbers are from.

import { halfEven } from "../here/resize.js";
import { between, enlarging, resampled } from "./blur.js";
import { hasher, normal, uniform } from "./random.js";

const NOISE = [0.08, 0.12, 0.18, 0.26, 0.38];
const FOG = [
  [1.5, 2.0],
  [2.0, 2.0],
  [2.5, 1.7],
  [2.5, 1.5],
  [3.0, 1.4],
];
const OCTAVES = 7;
const AMBIENT = [0.32, 0.22, 0.14, 0.085, 0.05];
const NIGHT_NOISE = [3, 5, 8, 11, 15];
const [MOON, LAMP] = [
  [0.8, 0.95, 1.3],
  [1.5, 0.95, 0.45],
];
const LAMPS = 5;
const GAMMA = 2.2;
const RAIN = [
  [0.1, 0.92, 0.4],
  [0.16, 0.86, 0.7],
  [0.22, 0.8, 1.1],
  [0.3, 0.72, 1.6],
  [0.38, 0.64, 2.4],
];
const STREAKS = [
  [24, 1, 0.35],
  [60, 3, 0.5],
];
const [HAZE, DROP] = [190, 225];

/** A photo with each byte but alpha made of the old one, its place in RGBA, its pixel and its channel. */
function mapped({ pixels, width, height }, make) {
  const out = new Uint8ClampedArray(pixels);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 4)
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] = Math.floor(make(pixels[at + channel], at, pixel, channel) + 0.5);
  return { pixels: out, width, height };
}

export function noise(photo, severity, seed) {
  const added = normal(255 * NOISE[severity - 1], seed);
  return mapped(photo, (value, _at, pixel, channel) => value + added(3 * pixel + channel));
}

export function fog(photo, severity, seed) {
  const { pixels, width, height } = photo;
  const [thick, decay] = FOG[severity - 1];
  const [side, points] = [Math.max(width, height), 2 ** OCTAVES];
  const along = (count) =>
    between(
      Array.from({ length: count }, (_, i) => i * (points / side)),
      points + 1,
    );
  let brightest = 0;
  for (let at = 0; at < pixels.length; at++) if (at % 4 < 3 && pixels[at] > brightest) brightest = pixels[at];
  const share = brightest ? brightest / 255 / (brightest / 255 + thick) : 0;
  const cloud = cloudOf(decay, seed).map((value) => 255 * thick * value);
  const square = { values: Float32Array.from(cloud), width: points + 1, height: points + 1, channels: 1 };
  const { values } = resampled(square, along(height), along(width));
  return mapped(photo, (value, _at, pixel) => (value + values[pixel]) * share);
}

/** A plasma fractal of (2^7 + 1)² values from 0 to 1. */
function cloudOf(decay, seed) {
  let [side, cloud] = [2, new Float64Array(4)];
  for (let octave = 0; octave <= OCTAVES; octave++) {
    if (octave) [side, cloud] = [2 * side - 1, doubled(cloud, side)];
    const moved = uniform(cloud.length, seed, octave);
    cloud = cloud.map((value, at) => value + (2 * moved[at] - 1) / decay ** octave);
  }
  const least = cloud.reduce((a, b) => Math.min(a, b));
  const most = cloud.reduce((a, b) => Math.max(a, b)) - least;
  return cloud.map((value) => (value - least) / most);
}

/** The cloud with a point in the middle of any two. */
function doubled(cloud, side) {
  const wide = 2 * side - 1;
  return Float64Array.from({ length: wide * wide }, (_, at) => {
    const [row, column] = [Math.floor(at / wide) / 2, (at % wide) / 2];
    const rows = [Math.floor(row), Math.ceil(row)];
    const columns = [Math.floor(column), Math.ceil(column)];
    return rows.flatMap((y) => columns.map((x) => cloud[y * side + x])).reduce((sum, value) => sum + value, 0) / 4;
  });
}

export function night(photo, severity, seed) {
  const { pixels, width, height } = photo;
  const ambient = AMBIENT[severity - 1];
  const place = uniform(3 * LAMPS, seed, 1);
  const gain = new Float32Array(3 * 64 * 64);
  for (let row = 0; row < 64; row++)
    for (let column = 0; column < 64; column++) {
      const [y, x] = [(row + 0.5) / 64, (column + 0.5) / 64];
      const sky = Math.max(0.12, Math.min(1, y / 0.55));
      let lamps = 0;
      for (let i = 0; i < LAMPS; i++) {
        const [across, down, power] = [place[i], place[LAMPS + i], place[2 * LAMPS + i]];
        const away = (((x - across) * width) / height) ** 2 + ((y - 0.4 - 0.35 * down) * 1.2) ** 2;
        lamps += (0.5 + power) * Math.exp(-away / 0.03);
      }
      for (let channel = 0; channel < 3; channel++) {
        const light = ambient * (sky * MOON[channel] + 1.6 * lamps * LAMP[channel]);
        gain[3 * (row * 64 + column) + channel] = Math.min(light, 1) ** (1 / GAMMA);
      }
    }
  const { values } = resampled(
    { values: gain, width: 64, height: 64, channels: 3 },
    enlarging(64, height),
    enlarging(64, width),
  );
  const added = normal(NIGHT_NOISE[severity - 1], seed);
  return mapped(photo, (value, at, pixel, channel) => {
    const luma = 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
    const byte = 3 * pixel + channel;
    return (value + 0.08 * severity * (luma - value)) * values[byte] + added(byte);
  });
}

export function rain(photo, severity, seed, scale) {
  const [haze, light, begin] = RAIN[severity - 1];
  const slant = 0.5 * uniform(1, seed, 1)[0] - 0.25;
  const layers = STREAKS.map(([length, thickness, opaque], layer) => {
    const rate = begin / 1000 / [1, 5][layer] / scale ** 2;
    return { opaque, streaks: streaksOf(photo, length * scale, thickness * scale, rate, slant, seed, 2 + layer) };
  });
  return mapped(photo, (value, _at, pixel) => {
    let result = value * light * (1 - haze) + haze * HAZE * light;
    for (const { opaque, streaks } of layers) result += opaque * streaks[pixel] * (DROP * light - result);
    return result;
  });
}

/** 1 where a streak is, softer towards its sides; one begins at a point of each `1 / rate` of a grid that leans. */
function streaksOf({ width, height }, long, thick, rate, slant, seed, stream) {
  const [length, thickness] = [Math.max(2, halfEven(long)), Math.max(1, halfEven(thick))];
  const shifts = Int32Array.from({ length: height }, (_, y) => Math.floor(slant * y + 0.5));
  const least = shifts.reduce((a, b) => Math.min(a, b));
  const most = shifts.reduce((a, b) => Math.max(a, b)) - least;
  const [rows, columns] = [height + length, width + most + thickness];
  const [hash, limit] = [hasher(seed, stream), rate * 2 ** 32];
  const begun = new Uint16Array(rows * columns); // down to each row
  for (let at = 0; at < begun.length; at++)
    begun[at] = (at < columns ? 0 : begun[at - columns]) + Number(hash(at) < limit);
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let wide = 0;
      const from = y * columns + x + shifts[y] - least;
      for (let at = from; at < from + thickness; at++) wide += begun[at + length * columns] !== begun[at] ? 1 : 0;
      out[y * width + x] = (Math.min(wide, 1) + wide / thickness) / 2;
    }
  return out;
}
