// The networks on the visitor's device: everything that the server does to a photo, away from the page's own thread.

import { answerCalls } from "../calls.js";
import { frame } from "../live/frames.js";
import { mustBeTrue } from "../photo/canvas.js";
import { loaded, threads } from "./network.js";
import { pngOf } from "./png.js";
import { segment } from "./segment.js";

const models = new Map(); // name to a promise of what segment.js takes
const photos = new Map(); // key to RGBA
let fitted = null; // a promise of what says whether a photo looks like a street

const methods = {
  /** Fetch and make ready a network; how many threads it will run on. */
  async load(model) {
    const onBytes = (url, bytes, all) => postMessage({ news: { url, bytes, all } });
    if (!models.has(model.name))
      models.set(
        model.name,
        loaded(model, onBytes).then((network) => ({ ...model, network })),
      );
    await models.get(model.name).catch((error) => {
      models.delete(model.name);
      throw error;
    });
    return threads();
  },

  /** Decode a photo, for calls that name its key until it is forgotten; as large as it was decoded. */
  async photo(key, blob) {
    await mustBeTrue();
    const photo = await decoded(blob);
    photos.set(key, photo);
    return { width: photo.width, height: photo.height, ms: photo.ms };
  },

  forget: (key) => void photos.delete(key),

  /** A network's maps of a photo, as files and as they are, with what they hold. */
  async segment(name, key, size, palette) {
    const model = await models.get(name);
    const answer = await segment(photos.get(key), model, size, { street: await streetOf(model) });
    const began = performance.now();
    const labels = await pngOf({ pixels: answer.labels, ...size }, palette);
    const confidence = await pngOf(answer.confidence);
    return { ...answer, files: { labels, confidence }, ms: { ...answer.ms, encode: performance.now() - began } };
  },

  /** One frame through several networks, small and painted: see live/frames.js. */
  async frame(bitmap, names, options) {
    await mustBeTrue();
    return frame(bitmap, await Promise.all(names.map((name) => models.get(name))), options);
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
