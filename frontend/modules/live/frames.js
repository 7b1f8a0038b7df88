// One frame through every network, small enough to answer at once, and painted. In the worker.

import { agreementShare, sameShare, scoresOf } from "../here/judge.js";
import { segment } from "../here/segment.js";
import { paintConfidence, paintDispute } from "../pixels/layers.js";
import { disputeOf, smoothed } from "../pixels/maps.js";
import { paintLabels } from "../pixels/paint.js";
import { AROUND, settled } from "../pixels/settle.js";
import { stress } from "../stress/stress.js";
import { draw, resize } from "./snapshots.js";

const FINEST = 256; // long side of a map of confidence, px: a finer one takes long and shows no more
const [read, written] = [new OffscreenCanvas(1, 1), new OffscreenCanvas(1, 1)]; // one for all frames: see snapshots.js
const PLAIN = { highlight: null, outline: false, threshold: 0 };

/** What each network answered to the photo as it was: what stress is measured against. */
let clean = { key: null, maps: {} };

/**
 * What networks make of a picture at `size`, all of the same pixels: pictures to lay over it, and figures.
 * `stressed` is { kind, severity } and the `key` of the picture whose clean answers are wanted, or null.
 */
export async function frame(
  bitmap,
  models,
  { size, layer, colours, withDispute = false, stressed = null, truth = null, classes },
) {
  const photo = worse(pixelsOf(bitmap, size), stressed);
  const maps = {};
  const pictures = {};
  const figures = {};
  for (const model of models) {
    try {
      const seen = model.input.size ? undefined : size; // one size alone
      const answer = await segment(photo, model, size, { seen, finest: FINEST });
      maps[model.name] = answer.labels;
      figures[model.name] = {
        network: answer.ms.network,
        sure: answer.sure,
        miou: truth && scoresOf(answer.labels, truth, classes).miou,
        kept: stressed && kept(stressed, model.name, answer.labels),
      };
      if (layer) pictures[model.name] = bitmapOf(painted(layer, answer, size, colours), size);
    } catch (error) {
      figures[model.name] = { failed: String(error.message ?? error) }; // the engine throws numbers, too
    }
  }
  const names = models.map(({ name }) => name);
  const several = Object.keys(maps).length > 1 ? Object.values(maps) : null;
  return {
    figures,
    agreement: several && agreementShare(several),
    photo: layer && bitmapOf(photo.pixels, size),
    dispute: withDispute && several ? bitmapOf(paintDispute(disputeOf(several, size.width, size.height)), size) : null,
    names,
    pictures: names.map((name) => pictures[name]),
  };
}

function pixelsOf(bitmap, size) {
  const context = draw(read, bitmap, size, { willReadFrequently: true });
  bitmap.close();
  return { pixels: context.getImageData(0, 0, size.width, size.height).data, ...size };
}

const worse = (photo, stressed) => (stressed ? stress(photo, stressed.kind, stressed.severity) : photo);

/** The share of pixels that keep the class that they had in the photo as it was; that is asked first. */
function kept({ key, severity }, name, labels) {
  if (clean.key !== key) clean = { key, maps: {} };
  if (severity === 0) clean.maps[name] = labels;
  return clean.maps[name] ? sameShare(labels, clean.maps[name]) : null;
}

function painted(layer, { labels, confidence }, { width, height }, colours) {
  if (layer === "confidence") return paintConfidence(smoothed(confidence, width, height));
  return paintLabels(
    { ids: settled(labels, width, height, AROUND), confidence: null, width, height },
    { ...PLAIN, colours, shown: colours.map(() => true) },
  );
}

function bitmapOf(rgba, size) {
  resize(written, size);
  written.getContext("2d").putImageData(new ImageData(rgba, size.width, size.height), 0, 0);
  return written.transferToImageBitmap();
}
