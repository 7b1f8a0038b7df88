// The worker: everything that touches pixels, away from the thread that answers to the visitor.

import { prepare } from "../photo/prepare.js";
import { npyOf, readPng } from "./files.js";
import { consensusOf, disputeOf, errorsOf, fitted, histogram } from "./maps.js";
import { placesOf } from "./names.js";
import { paintConfidence, paintDispute, paintErrors, paintLabels } from "./paint.js";

const RETRY_MS = 700;
const TIMEOUT_MS = 30_000;
const SMALLEST = 400;

let shown = null; // of the comparison on show

const methods = {
  begin(width, height) {
    shown = { width, height, maps: new Map(), together: new Map(), places: new Map() };
  },

  async prepare(file) {
    const { bitmap, ...prepared } = await prepare(file);
    return { ...prepared, levels: levelsOf(bitmap) };
  },

  async photo(address) {
    const { width: resizeWidth, height: resizeHeight } = shown;
    const blob = await (await fetched(address)).blob();
    return levelsOf(await createImageBitmap(blob, { resizeWidth, resizeHeight, resizeQuality: "high" }));
  },

  /** One model's maps, or the truth, which has no confidence; answers copies and how many pixels are how sure. */
  async maps(name, ...addresses) {
    const here = shown;
    const [ids, confidence] = await Promise.all(addresses.map((address) => address && mapAt(address, here)));
    here.maps.set(name, { ids, confidence, width: here.width, height: here.height });
    return { ids: ids.slice(), confidence: confidence?.slice(), counts: confidence && histogram(confidence) };
  },

  picture(name, style) {
    return { levels: levelsOf(bitmapOf(paint(name, style))), places: places(name, style) };
  },

  /** Shares of the picture. */
  disputed(names) {
    const [, boundary, region, all] = [...histogram(dispute(names))].map((count) => count / shown.width / shown.height);
    return { boundary, region: region + all, all };
  },

  /** Over the photo unless `opacity` is null. */
  async png(name, style, opacity, photo) {
    const canvas = new OffscreenCanvas(shown.width, shown.height);
    const context = canvas.getContext("2d");
    if (opacity !== null) {
      const blob = typeof photo === "string" ? await (await fetched(photo)).blob() : photo;
      context.drawImage(await createImageBitmap(blob), 0, 0, canvas.width, canvas.height);
      context.globalAlpha = opacity;
    }
    context.drawImage(bitmapOf(paint(name, style)), 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  },

  npy: (name) => new Blob([npyOf(shown.maps.get(name).ids, shown.width, shown.height)]),
};

function paint(name, style) {
  const { maps } = shown;
  if (style.kind === "dispute") return paintDispute(dispute(style.names));
  if (style.kind === "consensus") return paintLabels({ ...shown, ids: together(consensusOf, style.names) }, style);
  const map = maps.get(name);
  if (style.kind === "confidence") return paintConfidence(map.confidence);
  if (style.kind === "errors") return paintErrors(errorsOf(map.ids, maps.get("truth").ids));
  return paintLabels(map, style);
}

const dispute = (names) => together(disputeOf, names);

/** Where names can stand in a picture of labels. */
function places(name, { kind, names }) {
  if (kind !== "labels" && kind !== "consensus") return [];
  const ids = names ? together(consensusOf, names) : shown.maps.get(name).ids;
  if (!shown.places.has(ids)) shown.places.set(ids, placesOf(ids, shown.width, shown.height));
  return shown.places.get(ids);
}

/** What these models say together, made once. */
function together(make, names) {
  const { width, height, maps, together: made } = shown;
  const key = [make.name, ...names].join();
  if (!made.has(key)) {
    const ids = names.map((name) => maps.get(name).ids);
    made.set(key, make(ids, width, height));
  }
  return made.get(key);
}

function bitmapOf(rgba) {
  const canvas = new OffscreenCanvas(shown.width, shown.height);
  canvas.getContext("2d").putImageData(new ImageData(rgba, shown.width, shown.height), 0, 0);
  return canvas.transferToImageBitmap();
}

/** A picture, and each time half of it: drawing it small is quick and does not flicker. */
function levelsOf(bitmap) {
  const levels = [bitmap];
  for (let { width, height } = bitmap; Math.max(width, height) >= 2 * SMALLEST; ) {
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(levels.at(-1), 0, 0, width, height);
    levels.push(canvas.transferToImageBitmap());
  }
  return levels;
}

async function mapAt(address, { width, height }) {
  return fitted(await readPng(await (await fetched(address)).arrayBuffer()), width, height);
}

/** A picture is worth a second and a third try: what it shows is there, only the way to it failed. */
async function fetched(address, tries = 3) {
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (response?.ok) return response;
  const lost = response === null || response.status >= 500;
  if (!lost || tries === 1) throw new Error(`A picture could not be loaded (${response?.status ?? "no connection"}).`);
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return fetched(address, tries - 1);
}

addEventListener("message", async ({ data: { call, method, values } }) => {
  try {
    const answer = await methods[method](...values);
    postMessage({ call, answer }, handedOver(answer));
  } catch (error) {
    postMessage({ call, error: error.message });
  }
});

/** What need not be copied on its way to the page. */
function handedOver(answer) {
  const bitmaps = [answer?.levels ?? answer].flat().filter((part) => part instanceof ImageBitmap);
  return [...bitmaps, ...[answer?.ids, answer?.confidence].filter(Boolean).map((map) => map.buffer)];
}
