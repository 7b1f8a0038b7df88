// What each mode shows, as a function of the state: panes, and in each the pictures that lie on the photo.

import { picturesOf, readyModels } from "../state/pictures.js";

/**
 * @typedef {object} Pane
 * @property {string} key names the pane
 * @property {string} title
 * @property {string|null} model whose answer it is, if it is one model's
 * @property {{picture: string, from: number, to: number}[]} layers what lies on the photo, each between two shares of
 *   the pane's width
 */

/**
 * @param {object} state
 * @returns {Pane[]}
 */
export function panesOf(state) {
  const titles = new Map(picturesOf(state).map(({ name, title }) => [name, title]));
  const whole = (picture) => [{ picture, from: 0, to: 1 }];
  const single = (name) => ({
    key: name,
    title: titles.get(name) ?? name,
    model: modelOf(state, name),
    layers: whole(name),
  });
  const [left, right] = state.pair;
  switch (state.mode) {
    case "slider":
      return [
        {
          key: "slider",
          title: `${titles.get(left)} | ${titles.get(right)}`,
          model: null,
          layers: [
            { picture: left, from: 0, to: state.divider },
            { picture: right, from: state.divider, to: 1 },
          ],
        },
      ];
    case "blink":
      return [single(state.pair[state.face])];
    case "disagreement":
      return [{ key: "disagreement", title: "Disagreement", model: null, layers: whole("disagreement") }];
    case "consensus":
      return [{ key: "consensus", title: "Consensus", model: null, layers: whole("consensus") }];
    default:
      return [single("photo"), ...state.models.map(({ name }) => single(name))];
  }
}

const modelOf = ({ models }, name) => (models.some((model) => model.name === name) ? name : null);

/**
 * How a picture is to be painted, or null while it cannot be.
 * @param {string} name of a picture
 * @param {object} state
 * @param {string[]} colours "#rrggbb" by class id
 * @returns {object|null} the worker's `style`
 */
export function styleOf(name, state, colours) {
  const { classes, layer, hidden, highlight, outline, threshold, ready } = state;
  const names = readyModels(state);
  const labels = {
    kind: "labels",
    colours,
    shown: classes.map((label) => !hidden.includes(label.name)),
    highlight: highlight === null ? null : classes.findIndex((label) => label.name === highlight),
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

/** How opaque a picture lies on the photo: those whose own alpha says it are not faded further. */
export function opacityOf(name, { opacity, outline, layer }) {
  if (name === "disagreement" || (layer === "errors" && name !== "truth" && name !== "consensus")) return 0.85;
  return outline && layer === "labels" ? 1 : opacity;
}
