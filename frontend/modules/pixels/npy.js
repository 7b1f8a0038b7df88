// A map as a NumPy array file: `numpy.load` gives height x width bytes.

/**
 * @param {Uint8Array} pixels
 * @returns {Uint8Array} version 1.0 of https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyOf(pixels, width, height) {
  const about = `{'descr': '|u1', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const length = Math.ceil((10 + about.length + 1) / 64) * 64;
  const header = `${about.padEnd(length - 11)}\n`;
  const out = new Uint8Array(length + pixels.length);
  out.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  out.set(pixels, length);
  return out;
}
