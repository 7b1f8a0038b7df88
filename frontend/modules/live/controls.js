// Live's controls. `state` holds what is chosen and is changed in place; `onChange` is told.

import { button, html } from "../dom.js";
import { SHORT_SIDES } from "./pace.js";

const { input, label, legend, option, select, span } = html;

/** A button, a tick for each model, and what else there is; `state`: { layer, withDispute, short, chosen }. */
export function controlsOf(models, state, { onCamera, onFile, onFreeze, onChange }) {
  const file = input({
    type: "file",
    accept: "video/*",
    class: "visually-hidden",
    id: "live-file",
    onchange: ({ target }) => {
      const [chosen] = target.files;
      target.value = ""; // so that the same file can be chosen again
      if (chosen) onFile(chosen);
    },
  });
  const layer = ["Labels", "Confidence"].map((title, at) =>
    label(
      input({
        type: "radio",
        name: "live-layer",
        checked: at === 0,
        onchange: () => set({ layer: title.toLowerCase() }),
      }),
      span(title),
    ),
  );
  const size = select(
    { onchange: ({ target }) => set({ short: Number(target.value) || null }) },
    option({ value: "" }, "as it can"),
    SHORT_SIDES.map((px) => option({ value: px }, `${px} px`)),
  );
  const ticks = models.map(({ name, title }) =>
    tick(title, (isOn) => set({ chosen: { ...state.chosen, [name]: isOn } })),
  );
  const freeze = button("button primary", "Freeze this frame", onFreeze);
  freeze.disabled = true;

  function set(patch) {
    Object.assign(state, patch);
    onChange(patch);
  }

  return {
    freeze,
    all: [
      button("button", "Camera", onCamera),
      label({ class: "button", for: "live-file" }, "Video file"),
      file,
      html.fieldset({ class: "segments" }, legend({ class: "visually-hidden" }, "Shown of each network"), layer),
      tick("Disagreement", (isOn) => set({ withDispute: isOn })),
      ticks,
      label("Short side ", size),
      freeze,
    ],
  };
}

const tick = (title, onTick) =>
  label(input({ type: "checkbox", checked: true, onchange: ({ target }) => onTick(target.checked) }), ` ${title}`);
