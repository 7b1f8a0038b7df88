// A photo brought to the size at which a network sees it: the twin of shared/inference/pixels.py, in whole numbers as
// Pillow has them, so that here and there see the same pixels. Photos are RGBA, one byte each, as a canvas gives them.

const GAP = 2; // as REDUCING_GAP in shared/inference/pixels.py
const BITS = 22; // of Pillow's weights behind the point

/** The size at which a network of this input policy sees a photo: `input_size` of shared/inference/pixels.py. */
export function inputSize({ width, height }, policy) {
  if (policy.size) return { width: policy.size[0], height: policy.size[1] };
  const { short_side: short, max_enlargement: most, max_long_side: long, multiple } = policy;
  const scale = Math.min(short / Math.min(width, height), most, long / Math.max(width, height));
  const side = (px) => Math.max(multiple, halfEven((px * scale) / multiple) * multiple);
  return { width: side(width), height: side(height) };
}

/** Halves to the even neighbour, as Python rounds. */
export function halfEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The network's input, 3 x height x width: (byte - mean) / std, which are numbers or lists of one for each channel. */
export function inputOf(photo, size, { mean, std }) {
  const { pixels } = resized(photo, size);
  const count = size.width * size.height;
  const out = new Float32Array(3 * count);
  for (let channel = 0; channel < 3; channel++) {
    const [middle, spread] = [mean, std].map((each) => Math.fround(each[channel] ?? each));
    const table = Float32Array.from({ length: 256 }, (_, value) => Math.fround(value - middle) / spread);
    for (let at = 0, to = channel * count; at < count; at++, to++) out[to] = table[pixels[4 * at + channel]];
  }
  return out;
}

/** Antialiased: averaged in whole steps where it is much too large, then by a triangle as wide as a new pixel. */
export function resized(photo, { width, height }) {
  const factors = [photo.width / width, photo.height / height].map((scale) => Math.trunc(scale / GAP) || 1);
  const [across, down] = [photo.width / factors[0], photo.height / factors[1]];
  const reduced = factors.some((factor) => factor > 1) ? averaged(photo, ...factors) : photo;
  return resizedDown(resizedAcross(reduced, across, width), down, height);
}

function averaged({ pixels, width, height }, across, down) {
  const [wide, high] = [Math.ceil(width / across), Math.ceil(height / down)];
  const out = new Uint8ClampedArray(4 * wide * high);
  for (let row = 0; row < high; row++)
    for (let x = 0; x < wide; x++) {
      const [right, bottom] = [Math.min(width, (x + 1) * across), Math.min(height, (row + 1) * down)];
      const count = (right - x * across) * (bottom - row * down);
      for (let channel = 0; channel < 3; channel++) {
        let sum = Math.floor(count / 2);
        for (let y = row * down; y < bottom; y++)
          for (let from = x * across; from < right; from++) sum += pixels[4 * (y * width + from) + channel];
        out[4 * (row * wide + x) + channel] = Math.floor(sum / count);
      }
    }
  return { pixels: out, width: wide, height: high };
}

/** The first old pixel that counts for each new one of an axis, how many do, and their weights, `most` for each. */
function weightsOf(size, length, wanted) {
  const scale = length / wanted;
  const support = Math.max(1, scale);
  const most = Math.ceil(support) * 2 + 1;
  const [first, count] = [new Int32Array(wanted), new Int32Array(wanted)];
  const weights = new Int32Array(wanted * most);
  for (let at = 0; at < wanted; at++) {
    const centre = (at + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(size, Math.trunc(centre + support + 0.5));
    const own = Array.from({ length: to - from }, (_, i) =>
      Math.max(0, 1 - Math.abs(from + i - centre + 0.5) / support),
    );
    const total = own.reduce((sum, weight) => sum + weight, 0);
    [first[at], count[at]] = [from, to - from];
    own.forEach((weight, i) => {
      weights[at * most + i] = Math.trunc(0.5 + (weight / total) * 2 ** BITS);
    });
  }
  return { first, count, weights, most };
}

function resizedAcross({ pixels, width, height }, length, wanted) {
  if (width === wanted && length === width) return { pixels, width, height };
  const { first, count, weights, most } = weightsOf(width, length, wanted);
  const out = new Uint8ClampedArray(4 * wanted * height);
  for (let row = 0; row < height; row++)
    for (let x = 0; x < wanted; x++) {
      let red = 1 << (BITS - 1);
      let [green, blue] = [red, red];
      let from = 4 * (row * width + first[x]);
      for (let i = x * most; i < x * most + count[x]; i++, from += 4) {
        red += pixels[from] * weights[i];
        green += pixels[from + 1] * weights[i];
        blue += pixels[from + 2] * weights[i];
      }
      const to = 4 * (row * wanted + x);
      out[to] = red >> BITS;
      out[to + 1] = green >> BITS;
      out[to + 2] = blue >> BITS;
    }
  return { pixels: out, width: wanted, height };
}

function resizedDown({ pixels, width, height }, length, wanted) {
  if (height === wanted && length === height) return { pixels, width, height };
  const { first, count, weights, most } = weightsOf(height, length, wanted);
  const out = new Uint8ClampedArray(4 * width * wanted);
  const sums = new Int32Array(4 * width);
  for (let row = 0; row < wanted; row++) {
    sums.fill(1 << (BITS - 1));
    for (let i = 0; i < count[row]; i++) {
      const weight = weights[row * most + i];
      const from = 4 * width * (first[row] + i);
      for (let at = 0; at < sums.length; at++) sums[at] += pixels[from + at] * weight;
    }
    const to = 4 * width * row;
    for (let at = 0; at < sums.length; at++) out[to + at] = sums[at] >> BITS;
  }
  return { pixels: out, width, height: wanted };
}
