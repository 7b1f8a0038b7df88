// The line between toolbar and panes: what the mode on show lets one choose, or what its colours mean.

import { element } from "../dom.js";
import { picturesOf, readyModels } from "../state/pictures.js";
import { percent } from "../words.js";

const FLIP_MS = 700; // well under three flashes a second

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountContext(root, store) {
  let timer = null;
  store.on(["mode", "models", "subject"], (state) => {
    root.replaceChildren(...(CONTENTS[state.mode]?.(state, store) ?? []));
    root.hidden = !root.childElementCount;
    if (state.mode !== "blink") store.set({ playing: false });
  });
  store.on(["pair", "face", "divider", "playing", "disputed", "ready", "mode"], (state) => refresh(root, state));
  store.on(["playing"], ({ playing }) => {
    clearInterval(timer);
    if (playing) timer = setInterval(() => store.set({ face: 1 - store.state.face }), FLIP_MS);
  });
}

/** Have blink show a picture; the one that it showed before is the other of the pair. */
export function blinkTo(store, name) {
  const { pair, face } = store.state;
  if (pair[face] === name) return;
  const before = pair[face];
  store.set({ pair: face === 1 ? [before, name] : [name, before] });
}

const CONTENTS = {
  slider(state, store) {
    const choice = (at, label) =>
      element(
        "label",
        { class: "choice" },
        element("span", {}, label),
        element(
          "select",
          {
            "data-pair": at,
            "aria-label": `${label} picture`,
            onchange: ({ target }) => store.set({ pair: store.state.pair.with(at, target.value) }),
          },
          picturesOf(state).map(({ name, title }) => element("option", { value: name }, title)),
        ),
      );
    const range = element("input", {
      type: "range",
      min: 0,
      max: 100,
      "data-divider": true,
      "aria-label": "Divider",
      oninput: ({ target }) => store.set({ divider: target.value / 100 }),
    });
    return [choice(0, "Left"), range, choice(1, "Right")];
  },

  blink(state, store) {
    const chips = picturesOf(state).map(({ name, title }) =>
      element(
        "label",
        {},
        element("input", { type: "radio", name: "blink", value: name, onchange: () => blinkTo(store, name) }),
        element("span", {}, title),
      ),
    );
    const flip = element(
      "button",
      { class: "button small", type: "button", onclick: () => store.set({ face: 1 - store.state.face }) },
      "Flip",
    );
    const play = element(
      "button",
      {
        class: "button small",
        type: "button",
        "data-play": true,
        onclick: () => store.set({ playing: !store.state.playing }),
      },
      "Play",
    );
    return [
      element("fieldset", { class: "segments" }, element("legend", { class: "visually-hidden" }, "Picture"), chips),
      flip,
      play,
    ];
  },

  disagreement: () => [
    key("region", "Regions on which models differ", "region"),
    key("all", "Where all three differ", "all"),
    key("boundary", "Thin bands along outlines, specks", "boundary"),
  ],

  consensus: () => [element("p", { class: "key", "data-consensus": true })],
};

const key = (kind, text, share) =>
  element(
    "p",
    { class: "key" },
    element("span", { class: `swatch ${kind}`, "aria-hidden": "true" }),
    `${text} `,
    element("strong", { "data-share": share }),
  );

function refresh(root, state) {
  const { pair, face, divider, playing, disputed } = state;
  for (const select of root.querySelectorAll("[data-pair]")) select.value = pair[select.dataset.pair];
  const range = root.querySelector("[data-divider]");
  if (range) range.value = Math.round(100 * divider);
  for (const radio of root.querySelectorAll("[name=blink]")) radio.checked = radio.value === pair[face];
  const play = root.querySelector("[data-play]");
  if (play) {
    play.textContent = playing ? "Pause" : "Play";
    play.setAttribute("aria-pressed", playing);
  }
  for (const share of root.querySelectorAll("[data-share]"))
    share.textContent = disputed ? percent(disputed[share.dataset.share]) : "";
  for (const line of root.querySelectorAll("[data-consensus]"))
    line.textContent =
      readyModels(state).length < 3
        ? "Three answers make a consensus, and they are not all there."
        : "Each pixel as most models have it; where no two agree it stays white.";
}
