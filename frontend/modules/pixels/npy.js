// Label maps as NumPy's own files, for who takes them away.

/** A file for `numpy.load`: version 1.0 of numpy.lib.format. */
export function npyOf(pixels, width, height) {
  const about = `{'descr': '|u1', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const length = Math.ceil((10 + about.length + 1) / 64) * 64;
  const header = `${about.padEnd(length - 11)}\n`;
  const text = (words) => new TextEncoder().encode(words);
  const out = new Uint8Array(length + pixels.length);
  out.set([0x93, ...text("NUMPY"), 1, 0, (length - 10) & 255, (length - 10) >> 8, ...text(header)]);
  out.set(pixels, length);
  return out;
}
