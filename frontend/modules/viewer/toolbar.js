// Mode, layer and zoom.

import { $ } from "../dom.js";

/**
 * @param {Store} store
 * @param {Viewer} viewer
 */
export function mountToolbar(store, viewer) {
  $("modes").addEventListener("change", ({ target }) => store.set({ mode: target.value }));
  $("layers").addEventListener("change", ({ target }) => store.set({ layer: target.value }));
  $("zoom-in").addEventListener("click", () => viewer.zoom(1.5));
  $("zoom-out").addEventListener("click", () => viewer.zoom(1 / 1.5));
  $("zoom-fit").addEventListener("click", () => viewer.fit());
  $("zoom-full").addEventListener("click", () => viewer.full());
  store.on(["mode"], ({ mode }) => choose("modes", mode));
  store.on(["layer", "subject", "comparison", "mode"], ({ layer, subject, mode }) => {
    choose("layers", layer);
    $("layers").disabled = mode === "disagreement" || mode === "consensus";
    // There is no telling what is wrong without the truth.
    $("layers").querySelector("[value=errors]").closest("label").hidden = subject?.kind !== "sample";
    if (layer === "errors" && subject && subject.kind !== "sample") store.set({ layer: "labels" });
  });
}

function choose(id, value) {
  const input = $(id).querySelector(`[value="${value}"]`);
  if (!input.checked) input.checked = true;
}
