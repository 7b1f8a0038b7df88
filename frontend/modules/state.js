// The page's state: what it holds, how it changes, what follows from it, what of it a link holds.

import { percent } from "./words.js";

const LAYERS = ["labels", "confidence", "errors"];
/** @type {View} */
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });

/** Types: tests/page/types.d.ts. @type {State} */
export const INITIAL = {
  models: [],
  classes: [],
  samples: [],
  limits: null,
  subject: null,
  phase: "starting",
  began: 0,
  progress: 0,
  uploadMs: null,
  comparison: null,
  retrying: [],
  preview: null,
  error: null,
  ready: {},
  disputed: null,
  usual: {},
  mode: "grid",
  layer: "labels",
  pair: ["photo", "photo"],
  face: 1,
  playing: false,
  divider: 0.5,
  peek: false,
  view: WHOLE,
  cursor: null,
  pinned: false,
  region: null,
  hidden: [],
  highlight: null,
  opacity: 0.7,
  outline: false,
  names: true,
  palette: "cityscapes",
  threshold: 0,
  tab: "differences",
  open: false,
};

/** Tells subscribers once for all changes of one turn, before the next frame. */
export class Store {
  #listeners = [];
  #isToTell = false;

  constructor(/** @type {State} */ state) {
    this.state = state;
  }

  set(/** @type {Partial<State>} */ patch) {
    this.state = { ...this.state, ...patch };
    if (this.#isToTell) return;
    this.#isToTell = true;
    queueMicrotask(() => {
      this.#isToTell = false;
      for (const tell of this.#listeners) tell();
    });
  }

  /** Call `listener(state)` now, and when one of `keys` has changed. */
  on(
    /** @type {Keys} */ keys,
    /** @type {Listener} */ listener,
    /** @type {(state: State) => boolean} */ isDue = () => true,
  ) {
    let told = null;
    const tell = () => {
      const { state } = this;
      if (!isDue(state) || keys.every((key) => state[key] === told?.[key])) return;
      told = state;
      listener(state);
    };
    this.#listeners.push(tell);
    tell();
  }

  /** The same, but only while a tab is shown; what changed meanwhile is told when it is. */
  whileShown(tab, /** @type {Keys} */ keys, /** @type {Listener} */ listener) {
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

const single = (state, name, title = titleOf(state, name)) => ({
  key: name,
  title,
  model: state.models.some((model) => model.name === name) ? name : null,
  layers: [{ picture: name, from: 0, to: 1 }],
});

/** @type {Record<Mode, ModeEntry>} */
export const MODES = {
  grid: { panes: (state) => ["photo", ...namesOf(state.models)].map((name) => single(state, name)) },
  slider: {
    paired: true,
    panes(state) {
      const { pair, divider } = state;
      const title = pair.map((name) => titleOf(state, name)).join(" | ");
      const layers = pair.map((picture, at) => ({ picture, from: at && divider, to: at || divider }));
      return [{ key: "slider", title, model: null, layers }];
    },
  },
  blink: { paired: true, panes: (state) => [single(state, state.pair[state.face])] },
  disagreement: {
    together: true,
    panes: (state) => [single(state, "disagreement", "Disagreement")],
    style: (names) => (names.length > 1 ? { kind: "dispute", names } : null),
    summary: ({ disputed }) =>
      disputed &&
      `Disagreement: ${percent(disputed.region)} of the picture in disputed regions, ${percent(disputed.boundary)} in thin bands along outlines and smaller patches. The regions are listed under Differences.`,
  },
  consensus: {
    together: true,
    panes: (state) => [single(state, "consensus", "Consensus")],
    style: (names, labels) => (names.length > 2 ? { ...labels, kind: "consensus", names } : null),
    summary: () => "Consensus: what most models say of each pixel.",
  },
};

export const panesOf = (state) => MODES[state.mode].panes(state);

/** What follows the "#" in a link. */
export function hashOf(/** @type {State} */ { subject: { sample, id }, mode, layer, pair, view, hidden, classes }) {
  const shown = namesOf(classes).filter((name) => !hidden.includes(name));
  const place = [view.x, view.y, view.scale].map((value) => Number(value.toFixed(4)));
  return [
    sample ? `sample=${sample}` : id && `photo=${id}`,
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
