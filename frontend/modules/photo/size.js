// How large pictures say they are, by their bytes alone. Beyond what a file's own decoder will check, the largest of
// what it says counts: a canvas and the frame that lies on it, a picture and the tiles that it is made of.

/** All [width, height] that bytes of this kind (prepare.js) say; null where a kind that must say it does not. */
export function sizesOf(kind, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READERS[Object.keys(READERS).find((name) => kind.includes(name))];
  const sizes = [];
  try {
    for (const size of read(view, bytes)) sizes.push(size);
  } catch {
    return sizes; // it ends too early: what it said till then counts, the rest is the decoder's to say
  }
  return sizes.length > 0 || read !== ofBoxes ? sizes : null;
}

const READERS = { JPEG: ofJpeg, PNG: ofPng, WebP: ofWebp, GIF: ofGif, BMP: ofBmp, AVIF: ofBoxes, HEIC: ofBoxes };

/** Where the next segment begins that has a length, or the picture ends; -1 where none does. */
export function nextMarker(bytes, from) {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    if (hasLength(bytes[at + 1])) return at;
  }
  return -1;
}

const hasLength = (mark) =>
  (mark >= 0xc0 && mark <= 0xef && mark !== 0xc8 && (mark < 0xd0 || mark > 0xd7)) || mark === 0xfe;
const isStartOfFrame = (mark) => mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc;

function* ofJpeg(view, bytes) {
  for (let at = nextMarker(bytes, 2); at >= 0; at = nextMarker(bytes, at + 2 + view.getUint16(at + 2)))
    if (isStartOfFrame(bytes[at + 1])) return yield [view.getUint16(at + 7), view.getUint16(at + 5)];
}

function* ofPng(view) {
  yield [view.getUint32(16), view.getUint32(20)];
}

/** A canvas and what lies on it, or the picture alone, wherever they stand. */
function* ofWebp(view) {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const [kind, within, length] = [view.getUint32(at), at + 8, view.getUint32(at + 4, true)];
    if (kind === VP8X) yield [4, 7].map((from) => 1 + (view.getUint32(within + from - 1, true) >>> 8));
    if (kind === VP8L) yield [0, 14].map((from) => 1 + ((view.getUint32(within + 1, true) >>> from) & 0x3fff));
    if (kind === VP8) yield [6, 8].map((from) => view.getUint16(within + from, true) & 0x3fff);
    at = within + length + (length % 2);
  }
}

const [VP8X, VP8L, VP8] = [0x56503858, 0x5650384c, 0x56503820]; // as they are spelled

/** The screen, and the first frame, which may be larger. */
function* ofGif(view) {
  yield [view.getUint16(6, true), view.getUint16(8, true)];
  const flags = view.getUint8(10);
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  for (; view.getUint8(at) === 0x21; at++) {
    at += 2;
    while (view.getUint8(at) > 0) at += 1 + view.getUint8(at);
  }
  const [left, top, width, height] = [1, 3, 5, 7].map((from) => view.getUint16(at + from, true));
  yield [left + width, top + height];
}

/** Upside down with a height below zero; the oldest header has shorter numbers. */
function* ofBmp(view) {
  if (view.getUint32(14, true) === 12) yield [view.getUint16(18, true), view.getUint16(20, true)];
  else yield [view.getUint32(18, true), Math.abs(view.getInt32(22, true))];
}

const SPATIAL_EXTENTS = [0, 0, 0, 20, 0x69, 0x73, 0x70, 0x65, 0, 0, 0, 0]; // a box "ispe" of ISO/IEC 23008-12

function* ofBoxes(view, bytes) {
  for (let at = bytes.indexOf(0x69); at >= 0; at = bytes.indexOf(0x69, at + 1)) {
    const begin = at - 4;
    if (begin >= 0 && SPATIAL_EXTENTS.every((byte, offset) => bytes[begin + offset] === byte))
      yield [view.getUint32(begin + 12), view.getUint32(begin + 16)];
  }
}
