// The networks on the visitor's device: everything that the server does to a photo, away from the page's own thread.

import { answerCalls } from "../calls.js";
import { frame } from "../live/frames.js";
import { mustBeTrue } from "../photo/canvas.js";
import { loaded, threads } from "./network.js";
import { pngOf } from "./png.js";
import { inputSize } from "./resize.js";
import { segment } from "./segment.js";

const networks = new Map(); // name to a promise of what runs
let photo = null; // RGBA
let fitted = null; // a promise of what says whether a photo looks like a street

const methods = {
  /** Fetch and make ready a network; how many threads it will run on. */
  async load(model) {
    const onBytes = (url, bytes, all) => postMessage({ news: { url, bytes, all } });
    if (!networks.has(model.name)) networks.set(model.name, loaded(model, onBytes));
    await networks.get(model.name).catch((error) => {
      networks.delete(model.name);
      throw error;
    });
    return threads();
  },

  /** Decode a photo, for the calls that follow; as large as it was decoded. */
  async photo(blob) {
    await mustBeTrue();
    photo = await decoded(blob);
    return { width: photo.width, height: photo.height, ms: photo.ms };
  },

  /** A network's maps of the photo, as files and as they are, with what they hold. */
  async segment(model, size, palette) {
    const seen = inputSize(photo, model.input);
    const answer = await segment(photo, model, await networks.get(model.name), size, seen, await streetOf(model));
    const began = performance.now();
    const labels = await pngOf({ pixels: answer.labels, ...size }, palette);
    const confidence = await pngOf(answer.confidence);
    return { ...answer, files: { labels, confidence }, ms: { ...answer.ms, encode: performance.now() - began } };
  },

  /** One frame through several networks, small and painted: see live/frames.js. */
  async frame(bitmap, models, options) {
    await mustBeTrue();
    return frame(bitmap, models, networks, options);
  },
};

/** What is fitted to a model's network; null for other weights than those. */
async function streetOf({ name, weights }) {
  fitted ??= fetch(new URL("./street.json", import.meta.url)).then((response) => response.json());
  const street = (await fitted.catch(() => ({})))[name];
  return street?.weights_sha256 === weights ? street : null;
}

async function decoded(blob) {
  const began = performance.now();
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white"; // shows through where a photo is transparent
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { pixels: data, width, height, ms: performance.now() - began };
}

answerCalls(methods);
