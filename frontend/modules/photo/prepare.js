// A visitor's photo as it leaves the device: upright, JPEG, nothing but pixels. Runs in the worker.

import { FALSIFIED, isTrue } from "./canvas.js";
import { MAX_FILE_BYTES, tooCostly } from "./cost.js";
import { sizesOf } from "./size.js";

const QUALITIES = [0.92, 0.85, 0.75, 0.6];
const CHOOSE = "Choose another, best a JPEG.";

/** What cannot be read is `refused` with an Error that says what it is. */
export async function prepare(file, limits) {
  const bitmap = await decoded(file, limits);
  const { width, height } = scaled(bitmap, limits);
  if (!(await isTrue())) throw refusal(FALSIFIED);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // shows through where a photo is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const image = await encoded(canvas, limits);
  return { image, bitmap: canvas.transferToImageBitmap(), width, height, id: await digest(image) };
}

const refusal = (detail) => Object.assign(new Error(detail), { refused: true });

async function decoded(file, limits) {
  if (file.size > MAX_FILE_BYTES) {
    const mebibytes = [file.size, MAX_FILE_BYTES].map((size) => Math.ceil(size / 2 ** 20));
    throw refusal(`This file has ${mebibytes[0]} MiB; at most ${mebibytes[1]} are accepted. ${CHOOSE}`);
  }
  const bytes = await file.arrayBuffer().catch(() => {
    throw refusal(
      "This file cannot be read: it was moved or deleted, or this browser may not open it. Choose it again.",
    );
  });
  const unfit = unfitness(new Uint8Array(bytes), limits);
  if (unfit) throw refusal(unfit);
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw refusal(explanation(new Uint8Array(bytes, 0, Math.min(64, bytes.byteLength))));
  }
}

/** Why the browser is not given these bytes to decode, as a sentence; null where it is. */
export function unfitness(bytes, limits) {
  const head = bytes.subarray(0, 64);
  const kind = kindOf(head);
  const sizes = DECODED.test(kind) && sizesOf(kind, bytes);
  return sizes ? tooCostly(kind, bytes, sizes, limits) : explanation(head);
}

function scaled({ width, height }, limits) {
  const { min_side: least, max_aspect: most } = limits;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < least || long > most * short)
    throw refusal(
      `This picture has ${width} × ${height} px. The networks want at least ${least} px on each side, and no side more than ${most} times the other. Crop it, or choose another.`,
    );
  const side = (px) => Math.max(least, Math.round(px * Math.min(1, limits.result_long_side / long)));
  return { width: side(width), height: side(height) };
}

async function encoded(canvas, { max_upload_bytes: most }) {
  for (const quality of QUALITIES) {
    const image = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (image.size <= most) return image;
  }
  throw refusal(
    `This photo stays larger than ${most / 2 ** 20} MiB however it is compressed. Crop it, or choose another.`,
  );
}

/** The id of its comparison; null where the browser keeps digests from unsafe origins. */
async function digest(blob) {
  if (!crypto.subtle) return null;
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What files are, by how they begin at which byte. @type {[string, number, ...string[]][]} */
const KINDS = [
  ["a JPEG photo", 0, "\xff\xd8\xff"],
  ["a PNG picture", 0, "\x89PNG"],
  ["a WebP picture", 8, "WEBP"],
  ["a HEIC photo", 4, "ftypheic", "ftypheix", "ftyphev", "ftypmif1", "ftypmsf1"],
  ["an AVIF picture", 4, "ftypavi"],
  ["a video", 4, "ftyp"],
  ["a video", 0, "\x1aE\xdf\xa3"],
  ["a GIF picture", 0, "GIF8"],
  ["a BMP picture", 0, "BM"],
  ["a TIFF or raw photo", 0, "II*\0", "MM\0*"],
  ["a PDF document", 0, "%PDF"],
  ["an SVG drawing", 0, "<svg", "<?xml"],
  ["a ZIP archive or office document", 0, "PK\x03\x04"],
];

/** What is given to the browser's decoders: kinds whose cost is known beforehand. */
const DECODED = /JPEG|PNG|WebP|GIF|BMP|AVIF|HEIC/;

export function kindOf(head) {
  const text = String.fromCharCode(...head);
  return KINDS.find(([, at, ...starts]) => starts.some((start) => text.startsWith(start, at)))?.[0];
}

export function explanation(head) {
  const kind = kindOf(head);
  if (head.length === 0) return `This file is empty. ${CHOOSE}`;
  if (!kind) return `This file is not a photo that this browser can read. ${CHOOSE}`;
  if (kind.includes("HEIC"))
    return "This is a HEIC photo, the iPhone's own format, which this browser cannot read. On the iPhone choose Settings, Camera, Formats, Most Compatible; or export the photo as JPEG.";
  if (/JPEG|PNG|WebP/.test(kind))
    return `This is ${kind}, but a broken one, or larger than this browser can read. Save it anew, or smaller.`;
  return `This is ${kind}, which this browser cannot read as a photo. ${CHOOSE}`;
}
