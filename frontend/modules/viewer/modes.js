// How a mode's pictures are painted, as functions of the state, and having it done.

import { coloursOf } from "../pixels/paint.js";
import { MODES, namesOf, panesOf, readyModels } from "../state.js";

/** How the worker is to paint a picture; null while it cannot be. */
export function styleOf(name, state) {
  const { classes, layer, hidden, highlight, outline, palette, threshold, ready } = state;
  /** @type {LabelStyle} */
  const labels = {
    kind: "labels",
    colours: coloursOf(classes, palette),
    shown: namesOf(classes).map((label) => !hidden.includes(label)),
    highlight: highlight && namesOf(classes).indexOf(highlight),
    outline,
    threshold: 0,
  };
  if (MODES[name]) return MODES[name].style(readyModels(state), labels);
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
      "outline",
      "palette",
      "threshold",
      "ready",
      "models",
      "subject",
    ],
    (state) => {
      const names = panesOf(state).flatMap(({ layers }) => layers.map(({ picture }) => picture));
      for (const name of new Set([...names, ...state.pair])) paint(name);
    },
  );
}
