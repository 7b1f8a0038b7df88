// The page's state: what it holds, how it changes, what follows from it.

/** @type {View} */
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });

/** Types: tests/page/types.d.ts. @type {State} */
export const INITIAL = {
  known: [],
  models: [],
  classes: [],
  samples: [],
  limits: null,
  subject: null,
  phase: "starting",
  place: "there",
  places: {},
  began: 0,
  progress: 0,
  uploadMs: null,
  comparison: null,
  retrying: [],
  preview: null,
  gone: null,
  error: null,
  explain: ({ detail }) => detail,
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
  opacity: 0.8,
  outline: false,
  names: true,
  palette: "distinct",
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

  /** Call `listener(state)` now, and when one of `keys` has changed; one that throws costs the others nothing. What is
   * returned ends that. */
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
      try {
        listener(state);
      } catch (error) {
        reportError(error);
      }
    };
    this.#listeners.push(tell);
    tell();
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== tell);
    };
  }

  /** The same, but only while a tab is shown; what changed meanwhile is told when it is. */
  whileShown(tab, /** @type {Keys} */ keys, /** @type {Listener} */ listener) {
    this.on(keys, listener, (state) => state.open && state.tab === tab);
  }
}

export const namesOf = (all) => all.map(({ name }) => name);

/** The names that say which models run; none where all do. */
export const chosenOf = ({ known, models }) => (models.length < known.length ? namesOf(models) : []);

export function picturesOf({ models, comparison, subject }) {
  const truth = comparison?.truth || subject?.sample ? [{ name: "truth", title: "Ground truth" }] : [];
  return [{ name: "photo", title: "Photo" }, ...models.map(({ name, title }) => ({ name, title })), ...truth];
}

export const titleOf = (state, name) => picturesOf(state).find((picture) => picture.name === name)?.title ?? name;

export const readyModels = ({ models, ready }) => namesOf(models).filter((name) => ready[name]);

const REFUSED_BELOW = 0.5; // the twin of shared/inference/street.py's

/** True unless known otherwise. */
export const isOfStreet = (comparison) => (comparison?.looks_like_street ?? 1) >= REFUSED_BELOW;

/** How a model stands: "ok", "running", "failed", or "none" when it was not asked, or is not waited for any more. */
export function statusOf({ retrying, comparison, phase }, model) {
  if (retrying.includes(model)) return "running";
  const ended = phase === "done" || phase === "stopped";
  const status = comparison?.models[model]?.status ?? "running";
  return ended && status === "running" ? "none" : status;
}
