// How sure a network is of the class that wins, as fine as its logits are: the twin of shared/inference/confidence.py.

const LONG_SIDE = 512;

/** 255 x the calibrated probability of the winning class, as a map of its own size, at most `longSide` px. */
export function confidenceOf(coarse, temperature, longSide = LONG_SIDE) {
  const { logits, classes, width, height } = reduced(coarse, longSide);
  const count = width * height;
  const pixels = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let best = -Infinity;
    for (let from = at; from < logits.length; from += count) if (logits[from] > best) best = logits[from];
    let total = 0;
    for (let label = 0; label < classes; label++) total += Math.exp((logits[label * count + at] - best) / temperature);
    pixels[at] = Math.round(255 / total);
  }
  return { pixels, width, height };
}

/** Finer logits than a map's long side are averaged first. */
function reduced({ logits, classes, width, height }, longSide) {
  let step = 1;
  while (Math.max(width, height) > longSide * step) step *= 2;
  if (step === 1) return { logits, classes, width, height };
  const [wide, high] = [Math.ceil(width / step), Math.ceil(height / step)];
  const out = new Float32Array(classes * wide * high);
  let to = 0;
  for (let plane = 0; plane < classes; plane++)
    for (let row = 0; row < high; row++)
      for (let x = 0; x < wide; x++) {
        const [right, bottom] = [Math.min(width, (x + 1) * step), Math.min(height, (row + 1) * step)];
        let sum = 0;
        for (let y = row * step; y < bottom; y++)
          for (let from = x * step; from < right; from++) sum += logits[(plane * height + y) * width + from];
        out[to++] = sum / ((right - x * step) * (bottom - row * step));
      }
  return { logits: out, classes, width: wide, height: high };
}
