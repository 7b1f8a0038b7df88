// Random numbers, each a hash of where it is used, so that none depends on another: the twin of shared/stress/random.py.

const DEVIATION = Math.sqrt((4 * (256 ** 2 - 1)) / 12); // of the sum of four bytes

function finalised(bits) {
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 random bits for an index; another `stream` of the same seed gives other ones. */
export function hasher(seed, stream = 0) {
  const key = finalised(16 * seed + stream);
  return (index) => finalised(Math.imul(index, 0x9e3779b9) ^ key);
}

/** Numbers from 0 up to 1. */
export function uniform(count, seed, stream) {
  const hash = hasher(seed, stream);
  return Float64Array.from({ length: count }, (_, index) => hash(index) / 2 ** 32);
}

/** What is to be added to byte `index` of a photo, counted without alpha: nearly normal around 0. */
export function normal(deviation, seed) {
  const table = Int16Array.from({ length: 1021 }, (_, sum) => Math.floor((sum - 510) * (deviation / DEVIATION) + 0.5));
  const hash = hasher(seed);
  return (index) => {
    const bits = hash(index);
    const pairs = (bits & 0x00ff00ff) + ((bits >>> 8) & 0x00ff00ff);
    return table[(pairs & 0xffff) + (pairs >>> 16)];
  };
}
