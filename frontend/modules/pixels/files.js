// Maps as files. PNGs are read here since a canvas would give colours, perhaps adjusted, where bytes are wanted.

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const GRAY = 0;
const INDEXED = 3;

/** A gray or indexed PNG that is not interlaced: https://www.w3.org/TR/png-3/ */
export async function readPng(file) {
  const bytes = new Uint8Array(file);
  if (textOf(bytes.subarray(0, 8)) !== SIGNATURE) throw new Error("this is no PNG");
  const { header, data } = chunksOf(bytes);
  const [bits, colour, interlace] = [8, 9, 12].map((at) => header.getUint8(at));
  if ((colour !== GRAY && colour !== INDEXED) || bits > 8 || interlace) throw new Error("the PNG is of another sort");
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  const stride = Math.ceil((width * bits) / 8);
  const raw = await inflate(data);
  if (raw.length !== height * (stride + 1)) throw new Error("the PNG is truncated");
  const packed = unfilter(raw, stride, height);
  return { width, height, pixels: bits === 8 ? packed : unpack(packed, width, height, stride, bits) };
}

const textOf = (bytes) => String.fromCharCode(...bytes);

function chunksOf(bytes) {
  const view = new DataView(bytes.buffer);
  const data = [];
  let header = null;
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = textOf(bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = new DataView(bytes.buffer, at + 8);
    if (type === "IDAT") data.push(body);
    at += length + 12;
  }
  if (!header || data.length === 0) throw new Error("the PNG holds no picture");
  return { header, data };
}

async function inflate(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undo the filters of section 9; a pixel's left neighbour is the byte before, since no pixel is wider. */
function unfilter(raw, stride, height) {
  const out = new Uint8Array(stride * height);
  for (let row = 0, here = 0; row < height; row++, here += stride) {
    const start = row * (stride + 1) + 1;
    const filter = raw[start - 1];
    const isFirst = row === 0;
    out.set(raw.subarray(start, start + stride), here);
    if (filter === 1) for (let at = here + 1; at < here + stride; at++) out[at] += out[at - 1];
    else if (filter === 2) for (let at = here; !isFirst && at < here + stride; at++) out[at] += out[at - stride];
    else if (filter > 2)
      for (let x = 0, at = here; x < stride; x++, at++) {
        const left = x ? out[at - 1] : 0;
        const up = isFirst ? 0 : out[at - stride];
        const corner = x && !isFirst ? out[at - stride - 1] : 0;
        out[at] += filter === 3 ? (left + up) >> 1 : nearest(left, up, corner);
      }
  }
  return out;
}

/** Paeth's predictor. */
function nearest(left, up, corner) {
  const guess = left + up - corner;
  const a = Math.abs(guess - left);
  const b = Math.abs(guess - up);
  const c = Math.abs(guess - corner);
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Pixels of less than a byte, the first in the highest bits. */
function unpack(packed, width, height, stride, bits) {
  const out = new Uint8Array(width * height);
  const each = 8 / bits;
  const mask = (1 << bits) - 1;
  for (let row = 0, at = 0; row < height; row++)
    for (let x = 0, byte = row * stride; x < width; byte++)
      for (let left = 8 - bits, n = 0; n < each && x < width; left -= bits, n++, x++, at++)
        out[at] = (packed[byte] >> left) & mask;
  return out;
}
