// The whole job: decoded pixels in, label map and confidence out. The twin of shared/inference/segment.py.

import { histogram } from "../pixels/maps.js";
import { confidenceOf } from "./confidence.js";
import { inputOf, inputSize } from "./resize.js";
import { logOdds } from "./street.js";
import { upsample } from "./upsample.js";

/**
 * `model` is a card's name, input and temperature; `seen` the size at which the network sees the photo, `street` what is
 * fitted to the network, if anything.
 */
export async function segment(
  photo,
  { input, temperature },
  network,
  size,
  seen = inputSize(photo, input),
  street = null,
) {
  const times = [performance.now()];
  const pixels = inputOf(photo, seen, input);
  times.push(performance.now());
  const coarse = await network.run(pixels, seen);
  times.push(performance.now());
  const labels = upsample(coarse, size);
  const confidence = confidenceOf(coarse, temperature);
  const streetLogOdds = street && logOdds(coarse, street);
  times.push(performance.now());
  const [preprocess, run, postprocess] = times.slice(1).map((end, at) => end - times[at]);
  const count = size.width * size.height;
  return {
    labels,
    confidence,
    streetLogOdds,
    shares: [...histogram(labels).subarray(0, coarse.classes)].map((pixels) => pixels / count),
    sure: confidence.pixels.reduce((sum, value) => sum + value, 0) / confidence.pixels.length / 255,
    ms: { preprocess, network: run, postprocess },
  };
}
