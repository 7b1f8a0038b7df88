// The page's state: what it holds, how it changes, what follows from it, what of it a link holds.

const MODES = ["grid", "slider", "blink", "disagreement", "consensus"];
const LAYERS = ["labels", "confidence", "errors"];
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });

export const INITIAL = {
  // Asked of the API once.
  models: [],
  classes: [],
  samples: [],
  limits: null, // of a photo

  // The comparison.
  subject: null,
  phase: "starting", // preparing, uploading, waiting, done, stopped
  began: 0, // when the phase did, by performance.now()
  progress: 0, // of the upload, 0 to 1
  uploadMs: null,
  comparison: null, // the API's document
  retrying: [], // models that are asked again
  preview: null, // the file that is being prepared
  error: null, // of the whole request: { problem, retryAfter, again }
  ready: {}, // picture name to { counts } once its maps are here
  disputed: null, // shares
  usual: {}, // model to ms of its last cold start and answer; null when it was warm

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
};

/** Tells subscribers once for all changes of one turn, before the next frame. */
export class Store {
  #listeners = [];
  #isToTell = false;

  constructor(state) {
    this.state = state;
  }

  set(patch) {
    this.state = { ...this.state, ...patch };
    if (this.#isToTell) return;
    this.#isToTell = true;
    queueMicrotask(() => {
      this.#isToTell = false;
      for (const tell of this.#listeners) tell();
    });
  }

  /** Call `listener(state)` now, and when one of `keys` has changed. */
  on(keys, listener, isDue = () => true) {
    let told = {};
    const tell = () => {
      const { state } = this;
      if (!isDue(state) || keys.every((key) => state[key] === told[key])) return;
      told = state;
      listener(state);
    };
    this.#listeners.push(tell);
    tell();
  }

  /** The same, but only while a tab is shown; what changed meanwhile is told when it is. */
  whileShown(tab, keys, listener) {
    this.on(keys, listener, (state) => state.open && state.tab === tab);
  }
}

export const namesOf = (all) => all.map(({ name }) => name);

export function picturesOf({ models, comparison, subject }) {
  const truth = comparison?.truth || subject?.sample ? [{ name: "truth", title: "Ground truth" }] : [];
  return [{ name: "photo", title: "Photo" }, ...models.map(({ name, title }) => ({ name, title })), ...truth];
}

export const titleOf = (state, name) => picturesOf(state).find((picture) => picture.name === name)?.title ?? name;

export const readyModels = ({ models, ready }) => namesOf(models).filter((name) => ready[name]);

/** Of a model: "ok", "running", "failed", or "none" when it was not asked. */
export function statusOf({ retrying, comparison, phase }, model) {
  if (retrying.includes(model)) return "running";
  const ended = phase === "done" || phase === "stopped";
  return comparison?.models[model]?.status ?? (ended ? "none" : "running");
}

/** What follows the "#" in a link. */
export function hashOf({ subject: { sample, id }, mode, layer, pair, view, hidden, classes }) {
  const shown = namesOf(classes).filter((name) => !hidden.includes(name));
  const place = [view.x, view.y, view.scale].map((value) => Number(value.toFixed(4)));
  return [
    sample ? `sample=${sample}` : id && `photo=${id}`,
    `mode=${mode}`,
    layer !== "labels" && `layer=${layer}`,
    (mode === "slider" || mode === "blink") && `pair=${pair.join()}`,
    view.scale !== 1 && `view=${place.join()}`,
    hidden.length > 0 && `classes=${shown.join()}`,
  ]
    .filter(Boolean)
    .join("&");
}

/** What a link asks for; what makes no sense is left out. */
export function readHash(hash, { classes, samples, models }) {
  const given = new URLSearchParams(hash.slice(1));
  const list = (key) => given.get(key)?.split(",") ?? [];
  const patch = { view: WHOLE, hidden: [] };
  const sample = samples.find(({ id }) => id === given.get("sample"));
  const photo = given.get("photo")?.match(/^[0-9a-f]{64}$/)?.[0];
  if (MODES.includes(given.get("mode"))) patch.mode = given.get("mode");
  if (LAYERS.includes(given.get("layer"))) patch.layer = given.get("layer");
  const pictures = ["photo", "truth", ...namesOf(models)];
  const pair = list("pair");
  if (pair.length === 2 && pair.every((name) => pictures.includes(name))) patch.pair = pair;
  const [x, y, scale, ...more] = list("view").map(Number);
  if ([x, y, scale].every(Number.isFinite) && scale > 0 && more.length === 0) patch.view = { x, y, scale };
  if (given.has("classes")) patch.hidden = namesOf(classes).filter((name) => !list("classes").includes(name));
  return { sample, photo, patch };
}
