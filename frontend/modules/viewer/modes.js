// How a mode's pictures are painted, as functions of the state, and having it done.

import { coloursOf } from "../pixels/paint.js";
import { namesOf, readyModels, titleOf } from "../state.js";
import { percent } from "../words.js";

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
    least: 2,
    panes: (state) => [single(state, "disagreement", "Disagreement")],
    style: (names) => ({ kind: "dispute", names }),
    summary: ({ disputed }) =>
      disputed &&
      `Disagreement: ${percent(disputed.region)} of the picture in disputed regions, ${percent(disputed.boundary)} in thin bands along outlines and smaller patches. The regions are listed under Differences.`,
  },
  consensus: {
    together: true,
    least: 3,
    panes: (state) => [single(state, "consensus", "Consensus")],
    style: (names, labels) => ({ ...labels, kind: "consensus", names }),
    summary: () => "Consensus: what most models say of each pixel.",
  },
};

export const panesOf = (state) => MODES[state.mode].panes(state);

/** How the worker is to paint a picture; null while it cannot be. */
export function styleOf(name, state) {
  const { classes, layer, hidden, highlight, opacity, outline, palette, threshold, ready, phase } = state;
  if (!ready.photo && phase !== "stopped") return null; // it shows through, and each would be painted twice
  /** @type {LabelStyle} */
  const labels = {
    kind: "labels",
    colours: coloursOf(classes, palette),
    shown: namesOf(classes).map((label) => !hidden.includes(label)),
    highlight: highlight && namesOf(classes).indexOf(highlight),
    outline,
    threshold: 0,
    calm: true,
    detail: opacity < 1, // alone, a class has exactly its colour
  };
  const answered = readyModels(state);
  if (MODES[name]) return answered.length < MODES[name].least ? null : MODES[name].style(answered, labels);
  if (name === "photo" || !ready[name]) return null;
  if (name === "truth") return labels;
  if (layer === "confidence") return { kind: "confidence" };
  if (layer === "errors") return ready.truth ? { kind: "errors" } : null;
  return { ...labels, threshold: Math.round(255 * threshold) };
}

/** How opaque a picture lies on the photo, unless its own alpha says it. */
export function opacityOf(name, { opacity, outline, layer }) {
  if (name === "disagreement" || (layer === "errors" && name !== "truth" && !MODES[name])) return 0.85;
  return outline && layer === "labels" ? 1 : opacity;
}

/** Have what the panes need painted, no more often than the worker can. */
export function keepPainted(/** @type {Store} */ store, pixels, onPainted) {
  const painting = new Map(); // name to the subject that it is painted for

  async function paint(name) {
    const { state } = store;
    const style = styleOf(name, state);
    const key = JSON.stringify(style);
    if (style === null || pixels.pictures.get(name)?.key === key) return;
    if (painting.get(name) === state.subject) return; // painted anew, if need be, when that is done
    painting.set(name, state.subject);
    try {
      const picture = await pixels.call("picture", name, style);
      for (const old of pixels.pictures.get(name)?.levels ?? []) old.close();
      pixels.pictures.set(name, { key, ...picture });
    } finally {
      painting.delete(name);
    }
    onPainted();
    paint(name);
  }

  store.on(
    [
      "mode",
      "pair",
      "face",
      "layer",
      "hidden",
      "highlight",
      "opacity",
      "outline",
      "palette",
      "threshold",
      "ready",
      "phase",
      "models",
      "subject",
    ],
    (state) => {
      const names = panesOf(state).flatMap(({ layers }) => layers.map(({ picture }) => picture));
      for (const name of new Set([...names, ...state.pair])) paint(name);
    },
  );
}
