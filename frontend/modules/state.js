// The page's state: what it holds, how it changes, what follows from it, and what of it a link holds.

export const MODES = ["grid", "slider", "blink", "disagreement", "consensus"];
export const LAYERS = ["labels", "confidence", "errors"];
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });

export const initialState = () => ({
  // Asked of the API once.
  models: [],
  classes: [],
  samples: [],

  // The comparison.
  subject: null,
  phase: "starting", // preparing, uploading, waiting, done, stopped
  began: 0, // when the phase did, by performance.now()
  progress: 0, // of the upload, 0 to 1
  uploadMs: null,
  comparison: null, // the API's document
  retrying: [], // models that are asked again
  preview: null, // the file that is being prepared
  error: null, // of the whole request
  ready: {}, // picture name to { counts } once its maps are here
  disputed: null, // shares
  usual: {}, // model to ms of its cold start and answer

  // How it is looked at; places are shares of the picture.
  mode: "grid",
  layer: "labels",
  pair: ["photo", "photo"], // of slider and blink
  face: 1, // which of the pair blink shows
  playing: false,
  divider: 0.5,
  peek: false, // the photo alone, while a key is held
  view: WHOLE,
  cursor: null,
  pinned: false,
  region: null, // index in `comparison.agreement.disputed`
  hidden: [], // classes
  highlight: null, // a class
  opacity: 0.7,
  outline: false,
  names: true,
  palette: "cityscapes",
  threshold: 0, // 0 to 1
  tab: "differences",
  open: false, // whether the tab is shown; on a phone it need not be
});

/** Tells subscribers once for all changes of one turn, before the next frame. */
export class Store {
  #state;
  #listeners = [];
  #changed = new Set();

  constructor(initial) {
    this.#state = initial;
  }

  get state() {
    return this.#state;
  }

  set(patch) {
    const changed = Object.keys(patch).filter((key) => !Object.is(this.#state[key], patch[key]));
    if (changed.length === 0) return;
    this.#state = { ...this.#state, ...patch };
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell());
    for (const key of changed) this.#changed.add(key);
  }

  /** Call `listener(state)` now, and when one of `keys` has changed. */
  on(keys, listener) {
    this.#listeners.push({ keys, listener });
    listener(this.#state);
  }

  /** The same, but only while a tab is shown; what changed meanwhile is made good when it is. */
  whileShown(tab, keys, listener) {
    let stale = true;
    this.on(keys, () => {
      stale = true;
    });
    this.on([...keys, "tab", "open"], (state) => {
      if (!stale || !state.open || state.tab !== tab) return;
      stale = false;
      listener(state);
    });
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { keys, listener } of this.#listeners) if (keys.some((key) => changed.has(key))) listener(this.#state);
  }
}

/** What there is to look at. */
export function picturesOf({ models, comparison, subject }) {
  const truth = comparison?.truth || subject?.kind === "sample" ? [{ name: "truth", title: "Ground truth" }] : [];
  return [{ name: "photo", title: "Photo" }, ...models.map(({ name, title }) => ({ name, title })), ...truth];
}

export const readyModels = ({ models, ready }) => models.map(({ name }) => name).filter((name) => ready[name]);

/** Of a model: "ok", "running", "failed", or "none" when it was not asked. */
export function statusOf({ retrying, comparison, phase }, model) {
  if (retrying.includes(model)) return "running";
  const ended = phase === "done" || phase === "stopped";
  return comparison?.models[model]?.status ?? (ended ? "none" : "running");
}

const FRACTION = /^-?\d{1,3}(\.\d{1,6})?$/;

/** What follows the "#" in a link. */
export function hashOf({ subject, mode, layer, pair, view, hidden, classes }) {
  const { x, y, scale } = view;
  const shown = classes.map(({ name }) => name).filter((name) => !hidden.includes(name));
  const parts = {
    sample: subject?.sample,
    photo: !subject?.sample && subject?.id,
    mode,
    layer: layer !== "labels" && layer,
    pair: (mode === "slider" || mode === "blink") && pair.join(),
    view: (scale !== 1 || x !== 0.5 || y !== 0.5) && [x, y, scale].map((value) => Number(value.toFixed(4))).join(),
    classes: hidden.length > 0 && shown.join(),
  };
  return Object.entries(parts)
    .filter(([, value]) => value || value === "")
    .map((part) => part.join("="))
    .join("&");
}

/** What a link asks for; what makes no sense is left out. */
export function readHash(hash, { classes, samples, models }) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const list = (key) => given.get(key)?.split(",") ?? [];
  const patch = { view: WHOLE, hidden: [] };
  const sample = samples.find(({ id }) => id === given.get("sample"));
  const photo = given.get("photo")?.match(/^[0-9a-f]{64}$/)?.[0];
  if (MODES.includes(given.get("mode"))) patch.mode = given.get("mode");
  if (LAYERS.includes(given.get("layer"))) patch.layer = given.get("layer");
  const pictures = ["photo", "truth", ...models.map(({ name }) => name)];
  const pair = list("pair");
  if (pair.length === 2 && pair.every((name) => pictures.includes(name))) patch.pair = pair;
  const view = list("view");
  const [x, y, scale] = view.map(Number);
  if (view.length === 3 && view.every((part) => FRACTION.test(part)) && scale > 0) patch.view = { x, y, scale };
  if (given.has("classes"))
    patch.hidden = classes.map(({ name }) => name).filter((name) => !list("classes").includes(name));
  return { sample, photo, patch };
}
