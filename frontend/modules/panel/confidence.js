// The tab of confidence: how sure models are, a threshold, errors where the truth is known.

import { $, fill, line, onClick, press } from "../dom.js";
import { MODES } from "../viewer/modes.js";
import { percent } from "../words.js";

export function mountConfidence(/** @type {Store} */ store) {
  const look = (patch) => {
    const { mode } = store.state;
    store.set({ ...patch, mode: MODES[mode].together ? "grid" : mode });
  };
  $("threshold").oninput = () => look({ layer: "labels" });
  onClick("confidence", ({ target }) => {
    const { layer } = target.dataset;
    if (layer) look({ layer: store.state.layer === layer ? "labels" : layer });
  });

  const show = (list, { models }, shareOf, inWords) =>
    fill(
      list,
      models.map(({ name, title }) => line(title, shareOf(name), inWords)),
    );
  store.whileShown("confidence", ["comparison", "models"], (state) => {
    const { comparison } = state;
    show("sure", state, (name) => comparison?.models[name]?.confidence);
    show("right", state, (name) => comparison?.truth?.models[name]?.pixel_accuracy);
    $("scores").hidden = !comparison?.truth;
    fill("labelling", comparison?.truth?.labelling);
  });
  store.whileShown("confidence", ["threshold", "ready", "models"], (state) => {
    fill("limit", state.threshold.toFixed(2));
    show(
      "faded",
      state,
      (name) => shareBelow(state, name),
      (share) => `${percent(share)} faded`,
    );
  });
  store.on(["layer"], (state) => press("confidence", ({ layer }) => layer === state.layer));
}

function shareBelow({ threshold, ready }, name) {
  const counts = ready[name]?.counts;
  const sum = (some) => some.reduce((total, count) => total + count, 0);
  return counts && sum(counts.subarray(0, Math.round(255 * threshold))) / sum(counts);
}
