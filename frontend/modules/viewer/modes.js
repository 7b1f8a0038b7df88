// What each mode shows, as functions of the state, and having it painted.

import { coloursOf } from "../pixels/paint.js";
import { namesOf, readyModels, titleOf } from "../state.js";

/** `layers` are the pictures that lie on the photo, each between two shares of the pane's width. */
export function panesOf(state) {
  const { mode, pair, face, divider, models } = state;
  const single = (name, title = titleOf(state, name)) => ({
    key: name,
    title,
    model: models.some((model) => model.name === name) ? name : null,
    layers: [{ picture: name, from: 0, to: 1 }],
  });
  if (mode === "slider") {
    const layers = [
      { picture: pair[0], from: 0, to: divider },
      { picture: pair[1], from: divider, to: 1 },
    ];
    return [{ key: "slider", title: pair.map((name) => titleOf(state, name)).join(" | "), model: null, layers }];
  }
  if (mode === "blink") return [single(pair[face])];
  if (mode === "disagreement") return [single(mode, "Disagreement")];
  if (mode === "consensus") return [single(mode, "Consensus")];
  return ["photo", ...namesOf(models)].map((name) => single(name));
}

/** How the worker is to paint a picture; null while it cannot be. */
export function styleOf(name, state) {
  const { classes, layer, hidden, highlight, outline, palette, threshold, ready } = state;
  const names = readyModels(state);
  const labels = {
    kind: "labels",
    colours: coloursOf(classes, palette),
    shown: namesOf(classes).map((label) => !hidden.includes(label)),
    highlight: highlight && namesOf(classes).indexOf(highlight),
    outline,
    threshold: 0,
  };
  if (name === "disagreement") return names.length > 1 ? { kind: "dispute", names } : null;
  if (name === "consensus") return names.length > 2 ? { ...labels, kind: "consensus", names } : null;
  if (name === "photo" || !ready[name]) return null;
  if (name === "truth") return labels;
  if (layer === "confidence") return { kind: "confidence" };
  if (layer === "errors") return ready.truth ? { kind: "errors" } : null;
  return { ...labels, threshold: Math.round(255 * threshold) };
}

/** How opaque a picture lies on the photo, unless its own alpha says it. */
export function opacityOf(name, { opacity, outline, layer }) {
  if (name === "disagreement" || (layer === "errors" && name !== "truth" && name !== "consensus")) return 0.85;
  return outline && layer === "labels" ? 1 : opacity;
}

/** Have what the panes need painted, no more often than the worker can. */
export function keepPainted(store, pixels, onPainted) {
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

  const keys = ["mode", "pair", "face", "layer", "hidden", "highlight", "outline", "palette", "threshold"];
  store.on([...keys, "ready", "models", "subject"], (state) => {
    const names = panesOf(state).flatMap(({ layers }) => layers.map(({ picture }) => picture));
    for (const name of new Set([...names, ...state.pair])) paint(name);
  });
}
