// Maps written as PNG (https://www.w3.org/TR/png-3/): the twin of shared/inference/encode.py.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];
const GRAY = 0;
const INDEXED = 3;
const RGBA = 6;
const CRCS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * Ids or shades, a byte each, or RGBA; `palette` holds the colours of ids as [red, green, blue], black is that of others.
 */
export async function pngOf({ pixels, width, height }, palette = null) {
  const stride = pixels.length / height;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits
  header.setUint8(9, stride > width ? RGBA : palette ? INDEXED : GRAY);
  const lines = new Uint8Array((stride + 1) * height); // each begins with its filter, none
  for (let row = 0; row < height; row++)
    lines.set(pixels.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", new Uint8Array(header.buffer)),
    ...(palette ? [chunk("PLTE", colours(palette, pixels))] : []),
    chunk("IDAT", await deflated(lines)),
    chunk("IEND", new Uint8Array()),
  ];
  return new Blob(parts, { type: "image/png" });
}

/** A palette's bytes, with as many colours as there are ids. */
function colours(palette, pixels) {
  const highest = pixels.reduce((most, id) => Math.max(most, id), palette.length - 1);
  const out = new Uint8Array(3 * (highest + 1));
  out.set(palette.flat());
  return out;
}

async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type, data) {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  let crc = 0xffffffff;
  for (let at = 4; at < data.length + 8; at++) crc = CRCS[(crc ^ out[at]) & 255] ^ (crc >>> 8);
  view.setUint32(data.length + 8, ~crc >>> 0);
  return out;
}
