// Opening of a mask by a square: what survives is wide in both directions.

/**
 * Keep the parts of a mask in which a square of (2 radius + 1) px finds room.
 * @param {Uint8Array} mask any byte but 0 is inside
 * @returns {Uint8Array} 1 inside, 0 outside
 */
export function opened(mask, width, height, radius) {
  const out = new Uint8Array(mask.length);
  for (let at = 0; at < mask.length; at++) out[at] = mask[at] ? 1 : 0;
  eachRun(out, width, height, (from, to, step, length) => keep(out, from, to, step, radius, length));
  eachRun(out, height, width, (from, to, step, length) => keep(out, from, to, step, radius, length), true);
  const seeds = out.slice();
  eachRun(seeds, width, height, (from, to, step, _, first, last) => grow(out, from, to, step, radius, first, last));
  const wide = out.slice();
  eachRun(
    wide,
    height,
    width,
    (from, to, step, _, first, last) => grow(out, from, to, step, radius, first, last),
    true,
  );
  return out;
}

/** Call `visit` for each run of ones in each line; lines are rows, or columns when `across`. */
function eachRun(mask, length, lines, visit, across = false) {
  const step = across ? lines : 1;
  for (let line = 0; line < lines; line++) {
    const first = across ? line : line * length;
    const last = first + (length - 1) * step;
    for (let at = 0; at < length; at++) {
      if (!mask[first + at * step]) continue;
      const from = at;
      while (at + 1 < length && mask[first + (at + 1) * step]) at++;
      visit(first + from * step, first + at * step, step, at - from + 1, first, last);
    }
  }
}

/** Erode one run: its ends go, and the whole of it when it is too short. */
function keep(mask, from, to, step, radius, length) {
  if (length <= 2 * radius) {
    for (let at = from; at <= to; at += step) mask[at] = 0;
    return;
  }
  for (let i = 0; i < radius; i++) {
    mask[from + i * step] = 0;
    mask[to - i * step] = 0;
  }
}

/** Dilate one run within its line. */
function grow(mask, from, to, step, radius, first, last) {
  const end = Math.min(last, to + radius * step);
  for (let at = Math.max(first, from - radius * step); at <= end; at += step) mask[at] = 1;
}
