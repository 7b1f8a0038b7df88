// What of the state a link holds, and what a link asks for.

import { namesOf, WHOLE } from "./state.js";
import { MODES } from "./viewer/modes.js";

const LAYERS = ["labels", "confidence", "errors"];

/** What follows the "#" in a link. */
export function hashOf(
  /** @type {State} */ { subject: { sample, id, local }, mode, layer, pair, view, hidden, classes },
) {
  const shown = namesOf(classes).filter((name) => !hidden.includes(name));
  const place = [view.x, view.y, view.scale].map((value) => Number(value.toFixed(4)));
  return [
    sample ? `sample=${sample}` : !local && id && `photo=${id}`,
    `mode=${mode}`,
    layer !== "labels" && `layer=${layer}`,
    MODES[mode].paired && `pair=${pair.join()}`,
    view.scale !== 1 && `view=${place.join()}`,
    hidden.length > 0 && `classes=${shown.join()}`,
  ]
    .filter(Boolean)
    .join("&");
}

/** What a link asks for; what makes no sense is left out. */
export function readHash(hash, { classes, samples, models }) {
  const given = new URLSearchParams(hash.slice(1));
  const [mode, layer] = [given.get("mode"), given.get("layer")];
  const list = (key) => given.get(key)?.split(",") ?? [];
  /** @type {Partial<State> & Pick<State, "view">} */
  const patch = { view: WHOLE, hidden: [] };
  const sample = samples.find(({ id }) => id === given.get("sample"));
  const photo = given.get("photo")?.match(/^[0-9a-f]{64}$/)?.[0];
  if (Object.hasOwn(MODES, mode)) patch.mode = /** @type {Mode} */ (mode);
  if (LAYERS.includes(layer)) patch.layer = /** @type {LayerName} */ (layer);
  const pictures = ["photo", "truth", ...namesOf(models)];
  const pair = list("pair");
  if (pair.length === 2 && pair.every((name) => pictures.includes(name))) patch.pair = pair;
  const [x, y, scale, ...more] = list("view").map(Number);
  if ([x, y, scale].every(Number.isFinite) && scale > 0 && more.length === 0) patch.view = { x, y, scale };
  if (given.has("classes")) patch.hidden = namesOf(classes).filter((name) => !list("classes").includes(name));
  return { sample, photo, patch };
}
