// How sure each model is, a threshold that fades what is less sure, and on samples how often each is right.

import { $ } from "../dom.js";
import { percent } from "../words.js";
import { line } from "./bar.js";
import { whileShown } from "./shown.js";

/** @param {Store} store */
export function mountConfidence(store) {
  $("threshold").addEventListener("input", ({ target }) =>
    store.set({ threshold: target.value / 100, layer: "labels", ...leaveMaps(store.state) }),
  );
  $("confidence").addEventListener("click", ({ target }) => {
    const { layer } = target.dataset;
    if (layer) store.set({ layer: store.state.layer === layer ? "labels" : layer, ...leaveMaps(store.state) });
  });

  whileShown(store, "confidence", ["comparison", "models"], ({ comparison, models }) => {
    show("sure", models, (name) => comparison?.models[name]?.confidence);
    show("right", models, (name) => comparison?.truth?.models[name]?.pixel_accuracy);
    $("scores").hidden = !comparison?.truth;
    $("labelling").textContent = comparison?.truth?.labelling ?? "";
  });
  whileShown(store, "confidence", ["threshold", "ready", "models"], (state) => {
    $("threshold").value = Math.round(100 * state.threshold);
    $("limit").textContent = state.threshold.toFixed(2);
    show("faded", state.models, (name) => shareBelow(state, name), " fades");
  });
  store.on(["layer"], ({ layer }) => {
    for (const button of $("confidence").querySelectorAll("[data-layer]"))
      button.setAttribute("aria-pressed", button.dataset.layer === layer);
  });
}

/** The maps of all models together have no layers. */
const leaveMaps = ({ mode }) => (mode === "disagreement" || mode === "consensus" ? { mode: "grid" } : {});

function show(list, models, shareOf, after = "") {
  $(list).replaceChildren(
    ...models.map(({ name, title }) => line(title, shareOf(name), (share) => percent(share) + after)),
  );
}

/** Share of a model's pixels that the threshold fades. */
function shareBelow({ threshold, ready }, name) {
  const counts = ready[name]?.counts;
  if (!counts) return null;
  const limit = Math.round(255 * threshold);
  let [below, total] = [0, 0];
  counts.forEach((count, sure) => {
    total += count;
    if (sure < limit) below += count;
  });
  return below / total;
}
