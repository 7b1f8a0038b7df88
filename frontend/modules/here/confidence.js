// How sure a network is of the class that wins, as fine as its logits are: the twin of shared/inference/confidence.py.

const LONG_SIDE = 512;

/**
 * 255 x the calibrated probability of the winning class, as a map of its own size, at most `longSide` px.
 * Probabilities are divided by `weights`, how much a pixel of each class counted in training (null: all alike), and
 * the winner's log odds get the slope and shift of `plattScaling` (null: they stay).
 */
export function confidenceOf(coarse, temperature, weights = null, plattScaling = null, longSide = LONG_SIDE) {
  const [slope, shift] = plattScaling ?? [1, 0];
  let answer = coarse;
  while (Math.max(answer.width, answer.height) > longSide) answer = halved(answer);
  const { logits, classes, width, height } = answer;
  const count = width * height;
  const pixels = new Uint8Array(count);
  const factors = Float64Array.from({ length: classes }, (_, label) => (weights?.[label] ?? 1) ** (-1 / temperature));
  for (let at = 0; at < count; at++) {
    let [best, winner] = [-Infinity, 0]; // its logit and its factor; of equal logits the larger one
    for (let label = 0; label < classes; label++) {
      const logit = logits[label * count + at];
      if (logit > best || (logit === best && factors[label] > winner)) [best, winner] = [logit, factors[label]];
    }
    let total = 0;
    for (let label = 0; label < classes; label++)
      total += factors[label] * Math.exp((logits[label * count + at] - best) / temperature);
    const against = (total - winner) / winner;
    const odds = Math.exp(-shift) * Math.max(0, against) ** slope;
    pixels[at] = Math.round(255 / (1 + odds));
  }
  return { pixels, width, height };
}

/** Means of 2 x 2 logits; of an odd number of rows or columns the last counts twice. */
function halved({ logits, classes, width, height }) {
  const [wide, high] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Float32Array(classes * wide * high);
  let to = 0;
  for (let plane = 0; plane < classes; plane++)
    for (let y = 0; y < height; y += 2) {
      const above = (plane * height + y) * width;
      const below = y + 1 < height ? above + width : above;
      for (let x = 0; x < width; x += 2) {
        const right = Math.min(x + 1, width - 1);
        out[to++] = (logits[above + x] + logits[above + right] + logits[below + x] + logits[below + right]) / 4;
      }
    }
  return { logits: out, classes, width: wide, height: high };
}
