// What a picture demands of a decoder, found from its bytes before the browser decodes one pixel: else a few kilobytes
// could occupy it for minutes, or take gigabytes. The twin of shared/decoding_cost.py, which explains each limit.

import { nextMarker } from "./size.js";

export const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_SCANS = 100;
const MAX_SCANNED_PIXELS = 1_000_000_000;
const MAX_PARTS = 16_384;
const MAX_TEXTS = 64;
const MAX_EXIF_PARTS = 64;
const MAX_FILL = 65_536;
const ANEW = "Save it anew with any image editor.";

/** Why bytes of this kind (prepare.js) and these sizes cost too much to decode, as a sentence; null where they do not. */
export function tooCostly(kind, bytes, sizes, { max_pixels: most }) {
  const [width, height] = sizes.reduce((one, other) => (one[0] * one[1] >= other[0] * other[1] ? one : other), [0, 0]);
  if (width * height > most)
    return `This picture has ${width} × ${height} px; at most ${most / 1_000_000} megapixels are accepted. Save it smaller.`;
  const { scans = 1, many } = partsOf(kind, bytes);
  if (many) return `This is ${kind} of too many ${many}. ${ANEW}`;
  if (scans > MAX_SCANS || scans * width * height > MAX_SCANNED_PIXELS)
    return `This is ${kind} in ${scans} scans, each of which goes over the whole picture. ${ANEW}`;
  return null;
}

function partsOf(kind, bytes) {
  if (kind.includes("JPEG")) return segmentsOf(bytes);
  if (kind.includes("PNG")) return chunksOf(bytes, 8, false);
  if (kind.includes("WebP")) return chunksOf(bytes, 12, true);
  return {};
}

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/** How often a decoder goes over a JPEG's picture, or what the file has too many of. */
function segmentsOf(bytes) {
  let [at, scans, fill, exifParts] = [2, 0, 0, 0];
  for (let part = 0; part < MAX_PARTS; part++) {
    const begin = nextMarker(bytes, at);
    const mark = bytes[begin + 1];
    if (begin < 0 || (scans > 0 && mark === 0xd9)) return { scans };
    if (scans === 0) fill += begin - at;
    if (fill > MAX_FILL) return { many: "bytes between its segments" };
    at = begin + 2;
    if (mark === 0xd8 || mark === 0xd9) continue;
    if (mark === 0xda) scans++;
    if (EXIF.every((byte, offset) => bytes[at + 2 + offset] === byte)) exifParts++;
    if (exifParts > MAX_EXIF_PARTS) return { many: "segments of EXIF data" };
    if (at + 2 > bytes.length) return { scans };
    at += bytes[at] * 256 + bytes[at + 1];
  }
  return { many: "segments" };
}

/** What a PNG or, `isRiff`, a WebP has too many of. */
function chunksOf(bytes, start, isRiff) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [at, profiles, texts] = [start, 0, 0];
  for (let part = 0; part < MAX_PARTS; part++) {
    if (at + 8 > bytes.length) return {};
    const name = view.getUint32(at + 4);
    if (name === 0x69434350) profiles++; // iCCP
    if (name === 0x7a545874 || name === 0x69545874) texts++; // zTXt, iTXt
    if (profiles > 1) return { many: "colour profiles" };
    if (texts > MAX_TEXTS) return { many: "compressed texts" };
    const length = view.getUint32(isRiff ? at + 4 : at, isRiff);
    at += length + (isRiff ? 8 + (length % 2) : 12); // RIFF pads to even
  }
  return { many: "chunks" };
}
