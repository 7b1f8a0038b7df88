// The worker: everything that touches pixels, away from the thread that answers to the visitor. `client.js` calls it.

import { prepare } from "../photo/prepare.js";
import { consensusOf, disputeOf } from "./agreement.js";
import { kindsOf } from "./dispute.js";
import { errorsOf } from "./errors.js";
import { fitted, histogram } from "./grid.js";
import { levelsOf } from "./levels.js";
import { npyOf } from "./npy.js";
import { paintConfidence, paintDispute, paintErrors, paintLabels } from "./paint.js";
import { readPng } from "./png.js";

const RETRY_MS = 700;
const TIMEOUT_MS = 30_000;

let shown = null; // what is known of the comparison on show

const methods = {
  /** Another comparison: forget the last. */
  begin(width, height) {
    shown = { width, height, maps: new Map(), together: new Map() };
  },

  /** Make a visitor's file ready to send. */
  async prepare(file) {
    const { image, bitmap, width, height, id } = await prepare(file);
    return { image, width, height, id, levels: levelsOf(bitmap) };
  },

  /** A photo at an address, sampled down to the comparison's size. */
  async photo(address) {
    const { width, height } = shown;
    const blob = await (await fetched(address)).blob();
    return levelsOf(await createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" }));
  },

  /** Load one model's maps, or the truth, which has no confidence; answers copies and how many pixels are how sure. */
  async maps(name, labels, confidence) {
    const here = shown;
    const [ids, sure] = await Promise.all([mapAt(labels, here), confidence ? mapAt(confidence, here) : null]);
    here.maps.set(name, { ids, confidence: sure, width: here.width, height: here.height });
    return { ids: ids.slice(), confidence: sure?.slice(), counts: sure && histogram(sure) };
  },

  /** Paint what a pane lays over the photo: see `styles.js` for what `style` holds. */
  picture(name, style) {
    return levelsOf(bitmapOf(paint(name, style)));
  },

  /** Shares of the picture that are disputed: along outlines, and in regions. */
  disputed(names) {
    const counts = histogram(kinds(names));
    const total = shown.width * shown.height;
    return { boundary: counts[1] / total, region: (counts[2] + counts[3]) / total, all: counts[3] / total };
  },

  /** One model's picture over the photo as a PNG file; without the photo when `opacity` is null. */
  async png(name, style, opacity, photo) {
    const canvas = new OffscreenCanvas(shown.width, shown.height);
    const context = canvas.getContext("2d");
    if (opacity !== null) {
      const blob = await (typeof photo === "string" ? fetched(photo).then((answer) => answer.blob()) : photo);
      const bitmap = await createImageBitmap(blob);
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      context.globalAlpha = opacity;
    }
    context.drawImage(bitmapOf(paint(name, style)), 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  },

  /** One model's ids as a NumPy file. */
  npy(name) {
    return new Blob([npyOf(shown.maps.get(name).ids, shown.width, shown.height)]);
  },
};

function paint(name, style) {
  const { width, height, maps } = shown;
  if (style.kind === "dispute") return paintDispute(kinds(style.names));
  if (style.kind === "consensus") return paintLabels({ ids: consensus(style.names), width, height }, style);
  const map = maps.get(name);
  if (style.kind === "confidence") return paintConfidence(map.confidence);
  if (style.kind === "errors") return paintErrors(errorsOf(map.ids, maps.get("truth").ids));
  return paintLabels(map, style);
}

const kinds = (names) => together("kinds", names, (maps) => kindsOf(disputeOf(maps), shown.width, shown.height));

const consensus = (names) => together("consensus", names, consensusOf);

/** What the maps of these models say together, made once. */
function together(what, names, make) {
  const key = [what, ...names].join();
  if (!shown.together.has(key)) shown.together.set(key, make(names.map(idsOf)));
  return shown.together.get(key);
}

const idsOf = (name) => shown.maps.get(name).ids;

function bitmapOf(rgba) {
  const canvas = new OffscreenCanvas(shown.width, shown.height);
  canvas.getContext("2d").putImageData(new ImageData(rgba, shown.width, shown.height), 0, 0);
  return canvas.transferToImageBitmap();
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

/** What goes to the page without being copied once more: pictures, and maps made for it. */
function handedOver(answer) {
  const bitmaps = [answer?.levels ?? answer].flat().filter((part) => part instanceof ImageBitmap);
  return [...bitmaps, ...[answer?.ids, answer?.confidence].filter(Boolean).map((map) => map.buffer)];
}
