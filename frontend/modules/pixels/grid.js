// A map: one byte a pixel, in reading order.

/** The byte for "no class": what ground truth leaves open. */
export const NOTHING = 255;

/** The index of the pixel at (x, y), each a share of the whole from 0 to 1; never outside. */
export function pixelAt(x, y, width, height) {
  const inside = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
  return inside(y, height) * width + inside(x, width);
}

/**
 * A map brought to another size by its nearest pixels, so that ids never mix; the same map if it has that size.
 * @param {{width: number, height: number, pixels: Uint8Array}} map
 * @returns {Uint8Array}
 */
export function fitted({ width, height, pixels }, wide, high) {
  if (width === wide && height === high) return pixels;
  const out = new Uint8Array(wide * high);
  for (let row = 0; row < high; row++) {
    const from = Math.floor(((row + 0.5) * height) / high) * width;
    for (let x = 0; x < wide; x++) out[row * wide + x] = pixels[from + Math.floor(((x + 0.5) * width) / wide)];
  }
  return out;
}

/** How many pixels hold each byte: 256 counts. */
export function histogram(pixels) {
  const counts = new Uint32Array(256);
  for (let at = 0; at < pixels.length; at++) counts[pixels[at]]++;
  return counts;
}
