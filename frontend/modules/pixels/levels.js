// A picture at its own size and at halves of it, so that drawing it small is quick and does not flicker.

const SMALLEST = 400;

/**
 * @param {ImageBitmap} bitmap
 * @returns {ImageBitmap[]} the bitmap, then each half as wide and high as the one before
 */
export function levelsOf(bitmap) {
  const levels = [bitmap];
  while (Math.max(levels.at(-1).width, levels.at(-1).height) >= 2 * SMALLEST) levels.push(halved(levels.at(-1)));
  return levels;
}

function halved(bitmap) {
  const canvas = new OffscreenCanvas(Math.ceil(bitmap.width / 2), Math.ceil(bitmap.height / 2));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.transferToImageBitmap();
}
