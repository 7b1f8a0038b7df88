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
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    const line = raw.subarray(row * (stride + 1) + 1, (row + 1) * (stride + 1));
    const here = row * stride;
    if (filter === 0) out.set(line, here);
    else
      for (let x = 0; x < stride; x++) {
        const left = x ? out[here + x - 1] : 0;
        const up = row ? out[here + x - stride] : 0;
        const corner = x && row ? out[here + x - stride - 1] : 0;
        out[here + x] = line[x] + predicted(filter, left, up, corner);
      }
  }
  return out;
}

function predicted(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function unpack(packed, width, height, stride, bits) {
  const out = new Uint8Array(width * height);
  const mask = (1 << bits) - 1;
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      out[row * width + x] = (packed[row * stride + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

/** For `numpy.load`: version 1.0 of numpy.lib.format. */
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
