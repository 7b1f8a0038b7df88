// The chance that what most models answer is right: the twin of shared/chance and of functions/orchestrator/chance.py.

import { smoothed } from "../pixels/maps.js";

const LONG_SIDE = 512;
const SIZES = [2, 3];
const BINS = 16;
const CENTRES = Array.from({ length: BINS }, (_, bin) => (bin + 0.5) * (256 / BINS) - 0.5);

/** The mean over the photo; null for models that the table is not fitted to. Maps and confidence by model name. */
export function chanceRight(table, labels, confidence, { width, height }) {
  const names = Object.keys(labels);
  if (names.length < 2 || !names.every((name) => table.models.includes(name))) return null;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / LONG_SIDE));
  const first = Math.floor(step / 2);
  const [wide, high] = [width, height].map((side) => Math.ceil((side - first) / step));
  const sure = names.map((name) => smoothed(confidence[name], wide, high));
  const chances = lookup(table, names.length);
  let total = 0;
  for (let row = 0, pixel = 0; row < high; row++)
    for (let x = 0; x < wide; x++, pixel++) {
      const from = (first + row * step) * width + first + x * step;
      total += chanceAt(
        names.map((name) => labels[name][from]),
        sure.map((map) => map[pixel]),
        chances,
      );
    }
  return total / (wide * high);
}

/** The chance of the answer that most models give; of several, the one whose models are surer together. */
function chanceAt(ids, sure, chances) {
  let [best, most, together] = [0, 0, 0];
  for (const id of ids) {
    let [count, sum] = [0, 0];
    for (let at = 0; at < ids.length; at++) if (ids[at] === id) [count, sum] = [count + 1, sum + sure[at]];
    if (count * 65_536 + sum > best) [best, most, together] = [count * 65_536 + sum, count, sum];
  }
  return chances[most][Math.floor(together / most)];
}

/** The chances of answers that win, by how many models agree, then by 255 x confidence. */
function lookup({ rows }, models) {
  const size = SIZES.findLast((each) => each <= models);
  const known = Array.from({ length: size }, (_, at) =>
    rows.find((row) => row.models === size && row.agree === at + 1 && row.wins),
  ).map(({ chance }) => Float64Array.from({ length: 256 }, (_, value) => between(value, CENTRES, chance)));
  const shares = known.map((_, at) => (at + 1) / size);
  return Array.from({ length: models + 1 }, (_, count) =>
    Float64Array.from({ length: 256 }, (_, value) =>
      between(
        count / models,
        shares,
        known.map((row) => row[value]),
      ),
    ),
  );
}

/** Linearly, and as at the ends beyond them. */
function between(value, places, values) {
  const after = places.findIndex((place) => place > value);
  if (after === 0) return values[0];
  if (after < 0) return values.at(-1);
  const share = (value - places[after - 1]) / (places[after] - places[after - 1]);
  return values[after - 1] + (values[after] - values[after - 1]) * share;
}
