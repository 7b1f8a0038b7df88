// Does a photo look like a street at all? The twin of shared/inference/street.py, which says why its logits tell.

import { halfEven } from "./resize.js";

const ROWS = 64;
const BANDS = 3;

/** How much coarse logits look like a street's, by what is fitted to their network: weights and a bias. */
export function logOdds(coarse, { weights, bias }) {
  return statistics(coarse).reduce((sum, value, at) => sum + value * weights[at], bias);
}

/** How much it looks like a street, 0 to 1, by the log odds of all networks that answered; null without any. */
export function looksLikeStreet(found) {
  if (found.length === 0) return null;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  return 1 / (1 + Math.exp(-Math.max(-500, mean)));
}

/** What is looked at, 6 + 5 x classes numbers: see street.py. */
export function statistics(coarse) {
  const { values, classes, width, height } = thinned(coarse);
  const count = width * height;
  const at = (label, pixel) => values[label * count + pixel];
  const probability = new Float64Array(classes * count);
  const winner = new Uint8Array(count);
  let [energies, entropies, leads, deviations] = [0, 0, 0, 0];
  for (let pixel = 0; pixel < count; pixel++) {
    let [best, second, sum] = [-Infinity, -Infinity, 0];
    for (let label = 0; label < classes; label++) {
      const value = at(label, pixel);
      sum += value;
      if (value > best) [second, best, winner[pixel]] = [best, value, label];
      else if (value > second) second = value;
    }
    let [total, squares] = [0, 0];
    for (let label = 0; label < classes; label++) {
      total += Math.exp(at(label, pixel) - best);
      squares += (at(label, pixel) - sum / classes) ** 2;
    }
    const energy = Math.log(total) + best;
    for (let label = 0; label < classes; label++) {
      const log = at(label, pixel) - energy;
      probability[label * count + pixel] = Math.exp(log);
      entropies -= Math.exp(log) * log;
    }
    energies += energy;
    leads += best - second;
    deviations += Math.sqrt(squares / classes);
  }
  const labels = [...Array(classes).keys()];
  const meanOf = (all, label, from = 0, to = count) => {
    let sum = 0;
    for (let pixel = from; pixel < to; pixel++) sum += all[label * count + pixel];
    return sum / (to - from);
  };
  const shares = labels.map((label) => meanOf(probability, label));
  const spread = -shares.reduce((sum, share) => sum + share * Math.log(share + 1e-6), 0);
  const tops = [...Array(BANDS).keys()].map((band) => Math.min(halfEven((band * height) / BANDS), height - 1));
  const bands = tops.flatMap((top, band) => {
    const bottom = Math.max(tops[band + 1] ?? height, top + 1);
    return labels.map((label) => meanOf(probability, label, top * width, bottom * width));
  });
  const means = labels.map((label) => meanOf(values, label));
  const deviation = labels.map((label) => {
    const squares = values.slice(label * count, (label + 1) * count).map((value) => (value - means[label]) ** 2);
    return Math.sqrt(meanOf(squares, 0));
  });
  const whole = [energies, entropies, leads, deviations].map((sum) => sum / count);
  return Float64Array.from([...whole, rimsOf(winner, width, height), spread, ...bands, ...means, ...deviation]);
}

/** How often neighbours differ. */
function rimsOf(winner, width, height) {
  let [down, across] = [0, 0];
  for (let pixel = 0; pixel < winner.length; pixel++) {
    if (pixel >= width && winner[pixel] !== winner[pixel - width]) down++;
    if (pixel % width && winner[pixel] !== winner[pixel - 1]) across++;
  }
  const share = (found, pairs) => (pairs ? found / pairs : 0);
  return (share(down, width * (height - 1)) + share(across, (width - 1) * height)) / 2;
}

/** Every so many rows and columns: finer ones say the same. */
function thinned({ logits, classes, width, height }) {
  const step = Math.max(1, Math.floor(height / ROWS));
  const [wide, high] = [Math.ceil(width / step), Math.ceil(height / step)];
  const values = new Float64Array(classes * wide * high);
  let to = 0;
  for (let label = 0; label < classes; label++)
    for (let row = 0; row < height; row += step)
      for (let x = 0; x < width; x += step) values[to++] = logits[(label * height + row) * width + x];
  return { values, classes, width: wide, height: high };
}
