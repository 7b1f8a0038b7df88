// A visitor's photo, as it leaves the device: upright, at most 2048 px, JPEG, no metadata.

const LONG_SIDE = 2048;
const MAX_BYTES = 4 * 1024 * 1024;
const QUALITIES = [0.92, 0.85, 0.75, 0.6];

/** A photo the browser cannot read; `message` says what was found and what to do. */
export class PhotoError extends Error {}

/**
 * Decode a file and encode it anew, so that nothing but pixels is left.
 * @param {Blob} file
 * @returns {Promise<Blob>} a JPEG of at most 4 MiB
 * @throws {PhotoError}
 */
export async function normalise(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PhotoError(await explain(file));
  }
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // shows through where a photo is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= MAX_BYTES) return blob;
  }
  throw new PhotoError("This photo stays larger than 4 MiB. Crop it, or save it at a lower quality.");
}

/**
 * The SHA-256 of a blob's bytes, which is the id of its comparison.
 * @param {Blob} blob
 * @returns {Promise<string>} 64 hexadecimal digits
 */
export async function digest(blob) {
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function explain(file) {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (/^....ftyp(hei|hev|mif)/s.test(text)) {
    return "This is a HEIC photo, which this browser cannot read. On an iPhone choose Settings, Camera, Formats, Most Compatible; or export the photo as JPEG.";
  }
  if (text.startsWith("%PDF")) return "This is a PDF, not a photo. Take JPEG, PNG or WebP.";
  if (head.length === 0) return "This file is empty.";
  return "This browser cannot read this file as a photo. Take JPEG, PNG or WebP.";
}
