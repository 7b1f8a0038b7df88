// What of the state a link holds, and what a link asks for.

import { chosenOf, INITIAL, namesOf, WHOLE } from "./state.js";
import { MODES } from "./viewer/modes.js";

const LAYERS = ["labels", "confidence", "errors"];
const share = (text) => (text !== "" && Number(text) >= 0 && Number(text) <= 1 ? Number(text) : undefined);
const oneOf = (known) => (text) => (Object.hasOwn(known, text) ? known[text] : undefined);
const tick = oneOf({ yes: true, no: false });
/** How it is painted, which a link holds where it is not as it was at first, and how that is read. */
const LOOKS = {
  palette: (text) => (["distinct", "cityscapes"].includes(text) ? text : undefined),
  opacity: share,
  threshold: share,
  divider: share,
  outline: tick,
  names: tick,
  face: oneOf({ 0: 0, 1: 1 }),
};
const written = (value) =>
  typeof value === "boolean" ? (value ? "yes" : "no") : typeof value === "number" ? Number(value.toFixed(2)) : value;
/** @type {Keys} */
export const LOOK_KEYS = /** @type {any} */ (Object.keys(LOOKS));
export const FIRST_LOOK = Object.fromEntries(LOOK_KEYS.map((key) => [key, INITIAL[key]]));

/** What follows the "#" in a link. */
export function hashOf(/** @type {State} */ state) {
  const { subject, mode, layer, pair, view, hidden, classes } = state;
  const { sample, id, local } = subject;
  const chosen = chosenOf(state);
  const looks = LOOK_KEYS.filter((key) => key in state && state[key] !== INITIAL[key]);
  const shown = namesOf(classes).filter((name) => !hidden.includes(name));
  const place = [view.x, view.y, view.scale].map((value) => Number(value.toFixed(4)));
  return [
    sample ? `sample=${sample}` : !local && id && `photo=${id}`,
    chosen.length > 0 && `models=${chosen.join()}`,
    `mode=${mode}`,
    layer !== "labels" && `layer=${layer}`,
    MODES[mode].paired && `pair=${pair.join()}`,
    view.scale !== 1 && `view=${place.join()}`,
    hidden.length > 0 && `classes=${shown.join()}`,
    ...looks.map((key) => `${key}=${written(state[key])}`),
  ]
    .filter(Boolean)
    .join("&");
}

/** What a link asks for; what is invalid is left out. */
export function readHash(hash, { classes, samples, known }) {
  const given = new URLSearchParams(hash.slice(1));
  const [mode, layer] = [given.get("mode"), given.get("layer")];
  const list = (key) => given.get(key)?.split(",") ?? [];
  const named = known.filter(({ name }) => list("models").includes(name));
  const models = named.length > 0 ? named : known;
  /** @type {Partial<State> & Pick<State, "view" | "models">} */
  const patch = { view: WHOLE, hidden: [], models };
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
  for (const key of LOOK_KEYS) {
    const value = given.has(key) ? LOOKS[key](given.get(key)) : undefined;
    if (value !== undefined) Object.assign(patch, { [key]: value });
  }
  return { sample, photo, patch };
}
