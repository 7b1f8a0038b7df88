// Everything that touches pixels, away from the thread that answers to the visitor.

import { answerCalls } from "../calls.js";
import { isTrue } from "../photo/canvas.js";
import { detailOf } from "./detail.js";
import { readPng } from "./files.js";
import { consensusOf, disputeOf, errorsOf, fitted, histogram, placesOf, smoothed } from "./maps.js";
import { paintLabels } from "./paint.js";
import { settled } from "./settle.js";

const RETRY_MS = 700;
const TIMEOUT_MS = 30_000;
const SMALLEST = 400;

let shown = null; // of the comparison on show; of its maps `ids` are those that a model wrote, `calm` those that are painted
let prepared = null; // the detail of the photo that was prepared last

const methods = {
  begin(width, height) {
    shown = { width, height, detail: prepared, maps: new Map(), together: new Map(), places: new Map() };
    prepared = null;
  },

  async prepare(file, limits) {
    const { prepare } = await preparation();
    const { bitmap, ...photo } = await prepare(file, limits);
    prepared = await detailFrom(bitmap);
    return { ...photo, levels: levelsOf(bitmap) };
  },

  async photo(address) {
    const here = shown;
    const size = { resizeWidth: here.width, resizeHeight: here.height };
    const bitmap = await createImageBitmap(await fetched(address), { ...size, resizeQuality: "high" });
    here.detail = await detailFrom(bitmap);
    return levelsOf(bitmap);
  },

  /** A model's maps, or the truth, which has no confidence; `counts` says how many pixels are how sure. `radius`: settle.js. */
  async maps(name, radius, ...addresses) {
    const here = shown;
    const [ids, confidence] = await Promise.all(
      addresses.map(async (address, at) => {
        const map = await readPng(await (await fetched(address)).arrayBuffer());
        return (at ? smoothed : fitted)(map, here.width, here.height);
      }),
    );
    here.maps.set(name, { ids, calm: settled(ids, here.width, here.height, radius), confidence });
    return { ids, confidence, counts: confidence && histogram(confidence) };
  },

  async picture(name, style) {
    return { levels: levelsOf(bitmapOf(await paint(name, style))), places: places(name, style) };
  },

  /** Shares of the picture. */
  disputed(names) {
    // Now that there is time: later there may be no connection.
    for (const module of [preparation(), layers()]) module.catch(() => {});
    const [, boundary, region, all] = [...histogram(together(disputeOf, names))].map(
      (count) => count / shown.width / shown.height,
    );
    return { boundary, region: region + all, all };
  },

  /** Exactly the colours of the classes: by no canvas, which a browser may falsify. */
  async mask(name, style) {
    const { pngOf } = await import("../here/png.js");
    return pngOf({ ...shown, pixels: await paint(name, { ...style, calm: false, detail: false }) });
  },

  async overlay(name, style, opacity, photo) {
    const canvas = new OffscreenCanvas(shown.width, shown.height);
    const context = canvas.getContext("2d");
    const blob = typeof photo === "string" ? await fetched(photo) : photo;
    context.drawImage(await createImageBitmap(blob), 0, 0, canvas.width, canvas.height);
    context.globalAlpha = opacity;
    context.drawImage(bitmapOf(await paint(name, style)), 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  },

  async npy(name) {
    const { npyOf } = await import("./npy.js");
    return new Blob([npyOf(shown.maps.get(name).ids, shown.width, shown.height)]);
  },
};

/** The first view is of a sample, which needs no preparation, and of its labels. */
const preparation = () => import("../photo/prepare.js");
const layers = () => import("./layers.js");

async function paint(name, style) {
  const { kind, names } = style;
  if (kind === "dispute") return (await layers()).paintDispute(together(disputeOf, names));
  if (kind === "errors")
    return (await layers()).paintErrors(errorsOf(shown.maps.get(name).ids, shown.maps.get("truth").ids));
  const { confidence } = shown.maps.get(name) ?? {};
  if (kind === "confidence") return (await layers()).paintConfidence(confidence);
  return paintLabels({ ...shown, ids: idsOf(name, style), confidence, detail: style.detail && shown.detail }, style);
}

function places(name, style) {
  if (style.kind !== "labels" && style.kind !== "consensus") return [];
  const ids = idsOf(name, style);
  if (!shown.places.has(ids)) shown.places.set(ids, placesOf(ids, shown.width, shown.height));
  return shown.places.get(ids);
}

function idsOf(name, { names, calm }) {
  const which = calm ? "calm" : "ids";
  return names ? together(consensusOf, names, which) : shown.maps.get(name)[which];
}

/** What these models say together, made once. */
function together(make, names, which = "ids") {
  const { width, height, maps, together: made } = shown;
  const key = [make.name, which, ...names].join();
  if (!made.has(key)) {
    const ids = names.map((name) => maps.get(name)[which]);
    made.set(key, make(ids, width, height));
  }
  return made.get(key);
}

/** Null where the browser falsifies what is read of a canvas. */
async function detailFrom(bitmap) {
  if (!(await isTrue())) return null;
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return detailOf(context.getImageData(0, 0, width, height).data, width, height);
}

function bitmapOf(rgba) {
  const canvas = new OffscreenCanvas(shown.width, shown.height);
  canvas.getContext("2d").putImageData(new ImageData(rgba, shown.width, shown.height), 0, 0);
  return canvas.transferToImageBitmap();
}

/** A picture with its halves of halves: drawing it small is quick then, and does not flicker. */
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
