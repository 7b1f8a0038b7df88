// Everything that touches pixels, away from the thread that answers to the visitor.

import { answerCalls } from "../calls.js";
import { prepare } from "../photo/prepare.js";
import { npyOf, readPng } from "./files.js";
import { consensusOf, disputeOf, errorsOf, fitted, histogram, placesOf, smoothed } from "./maps.js";
import { paintConfidence, paintDispute, paintErrors, paintLabels } from "./paint.js";

const RETRY_MS = 700;
const TIMEOUT_MS = 30_000;
const SMALLEST = 400;

let shown = null; // of the comparison on show

const methods = {
  begin(width, height) {
    shown = { width, height, maps: new Map(), together: new Map(), places: new Map() };
  },

  async prepare(file, limits) {
    const { bitmap, ...prepared } = await prepare(file, limits);
    return { ...prepared, levels: levelsOf(bitmap) };
  },

  async photo(address) {
    const { width: resizeWidth, height: resizeHeight } = shown;
    const photo = await fetched(address);
    return levelsOf(await createImageBitmap(photo, { resizeWidth, resizeHeight, resizeQuality: "high" }));
  },

  /** A model's maps, or the truth, which has no confidence; `counts` says how many pixels are how sure. */
  async maps(name, ...addresses) {
    const here = shown;
    const [ids, confidence] = await Promise.all(
      addresses.map(async (address, at) => {
        const map = await readPng(await (await fetched(address)).arrayBuffer());
        return (at ? smoothed : fitted)(map, here.width, here.height);
      }),
    );
    here.maps.set(name, { ids, confidence });
    return { ids, confidence, counts: confidence && histogram(confidence) };
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
      const blob = typeof photo === "string" ? await fetched(photo) : photo;
      context.drawImage(await createImageBitmap(blob), 0, 0, canvas.width, canvas.height);
      context.globalAlpha = opacity;
    }
    context.drawImage(bitmapOf(paint(name, style)), 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  },

  npy: (name) => new Blob([npyOf(shown.maps.get(name).ids, shown.width, shown.height)]),
};

function paint(name, style) {
  const { kind, names } = style;
  if (kind === "dispute") return paintDispute(dispute(names));
  const { ids, confidence } = mapsOf(name, style);
  if (kind === "confidence") return paintConfidence(confidence);
  if (kind === "errors") return paintErrors(errorsOf(ids, shown.maps.get("truth").ids));
  return paintLabels({ ...shown, ids, confidence }, style);
}

function places(name, style) {
  if (style.kind !== "labels" && style.kind !== "consensus") return [];
  const { ids } = mapsOf(name, style);
  if (!shown.places.has(ids)) shown.places.set(ids, placesOf(ids, shown.width, shown.height));
  return shown.places.get(ids);
}

const mapsOf = (name, { names }) => (names ? { ids: together(consensusOf, names) } : shown.maps.get(name));
const dispute = (names) => together(disputeOf, names);

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

/** With halves of halves: drawing a picture small is quick then, and does not flicker. */
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

/** Worth a second and a third try: the picture is there, only the way to it failed. */
async function fetched(address, tries = 3) {
  if (address instanceof Blob) return address;
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (response?.ok) return response.blob();
  const lost = response === null || response.status >= 500;
  if (!lost || tries === 1) throw new Error(`A picture could not be loaded (${response?.status ?? "no connection"}).`);
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return fetched(address, tries - 1);
}

answerCalls(methods);
