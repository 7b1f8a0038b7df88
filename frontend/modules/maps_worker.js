// Fetches and decodes one model's maps, away from the thread that draws the page.

import { grayOf, idsOf } from "./maps.js";

addEventListener("message", async ({ data: { key, labels, confidence, colours } }) => {
  try {
    const [painted, gray] = await Promise.all([pixels(labels), pixels(confidence)]);
    const maps = { width: painted.width, height: painted.height, ids: idsOf(painted.data, colours) };
    maps.confidence = grayOf(gray.data);
    postMessage({ key, maps }, [maps.ids.buffer, maps.confidence.buffer]);
  } catch (error) {
    postMessage({ key, maps: null, reason: String(error) });
  }
});

async function pixels(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  // Colours are ids here: no profile may touch them.
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
