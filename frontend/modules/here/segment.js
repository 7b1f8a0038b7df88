// The whole job: decoded pixels in, label map and confidence out. The twin of shared/inference/segment.py.

import { fitted, histogram, NOTHING } from "../pixels/maps.js";
import { confidenceOf } from "./confidence.js";
import { inputOf, inputSize } from "./resize.js";
import { logOdds } from "./street.js";
import { upsample } from "./upsample.js";

const SURE = { pixels: Uint8Array.of(255), width: 1, height: 1 }; // who answers with classes alone does not say how sure

/**
 * `model` is a card's input, what makes its confidence right (temperature, class weights, Platt scaling), its network, and as
 * which of the shared classes each of its own counts (`shared`, null where those are the shared ones). `seen` is the
 * size at which the network sees the photo, `street` what is fitted to the network, if anything, `finest` the long side
 * of the map of confidence at the most.
 */
export async function segment(
  photo,
  { input, temperature, class_weights, platt_scaling, network, shared = null },
  size,
  { seen = inputSize(photo, input), street = null, finest = undefined } = {},
) {
  const times = [performance.now()];
  const pixels = inputOf(photo, seen, input);
  times.push(performance.now());
  const coarse = await network.run(pixels, seen);
  times.push(performance.now());
  const own = coarse.ids ? fitted({ ...coarse, pixels: coarse.ids }, size.width, size.height) : upsample(coarse, size);
  const labels = shared ? own.map((id) => shared[id] ?? NOTHING) : own;
  const confidence = coarse.ids ? SURE : confidenceOf(coarse, temperature, class_weights, platt_scaling, finest);
  const streetLogOdds = street && logOdds(coarse, street);
  times.push(performance.now());
  const [preprocess, run, postprocess] = times.slice(1).map((end, at) => end - times[at]);
  const count = size.width * size.height;
  return {
    labels,
    confidence,
    streetLogOdds,
    shares: [...histogram(labels).subarray(0, NOTHING)].map((pixels) => pixels / count),
    sure: confidence.pixels.reduce((sum, value) => sum + value, 0) / confidence.pixels.length / 255,
    ms: { preprocess, network: run, postprocess },
  };
}
