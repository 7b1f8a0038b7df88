// A visitor's photo as it leaves the device: upright, at most 2048 px, JPEG, nothing but pixels. Runs in the worker.

import { explanation } from "./identify.js";

const LONG_SIDE = 2048;
const MAX_BYTES = 4 * 1024 * 1024;
const QUALITIES = [0.92, 0.85, 0.75, 0.6];
const MIN_SIDE = 32;
const MAX_ASPECT = 8;

/**
 * Decode a file and encode it anew.
 * @param {Blob} file
 * @returns {Promise<{image: Blob, bitmap: ImageBitmap, width: number, height: number, id: string|null}>} `id` is the
 *   SHA-256 of the JPEG, which is its comparison's id; null where the browser keeps digests from unsafe origins
 * @throws {Error} whose message says what was found and what to do
 */
export async function prepare(file) {
  const bitmap = await decoded(file);
  const { width, height } = scaled(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // shows through where a photo is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const image = await encoded(canvas);
  return { image, bitmap: canvas.transferToImageBitmap(), width, height, id: await digest(image) };
}

async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error(explanation(new Uint8Array(await file.slice(0, 64).arrayBuffer())));
  }
}

function scaled(wide, high) {
  if (Math.min(wide, high) < MIN_SIDE || Math.max(wide, high) > MAX_ASPECT * Math.min(wide, high)) {
    throw new Error(
      `This picture has ${wide} × ${high} px. The networks want at least ${MIN_SIDE} px on each side, and no side ` +
        `more than ${MAX_ASPECT} times the other. Crop it, or choose another.`,
    );
  }
  const scale = Math.min(1, LONG_SIDE / Math.max(wide, high));
  return { width: Math.max(MIN_SIDE, Math.round(wide * scale)), height: Math.max(MIN_SIDE, Math.round(high * scale)) };
}

async function encoded(canvas) {
  for (const quality of QUALITIES) {
    const image = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (image.size <= MAX_BYTES) return image;
  }
  throw new Error("This photo stays larger than 4 MiB however it is compressed. Crop it, or choose another.");
}

async function digest(blob) {
  if (!crypto.subtle) return null;
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
