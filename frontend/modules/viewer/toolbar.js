// Mode, layer and zoom; what the mode on show lets one choose, or what its colours mean; and keys for all.

import { $, fill, html, onClick, reveal } from "../dom.js";
import { picturesOf, readyModels } from "../state.js";
import { percent } from "../words.js";
import { MODES } from "./modes.js";

const FLIP_MS = 700; // well under three flashes a second
const IDLE_MS = 4000;
const FIRST_MS = 12_000; // until it is known that somebody looks
const ZOOM = 1.5;
const STEP = 0.01; // of what is in view
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const { input, label, option, span } = html;

export function mountToolbar(/** @type {Store} */ store, viewer) {
  onClick("zoom-in", () => viewer.zoom(ZOOM));
  onClick("zoom-out", () => viewer.zoom(1 / ZOOM));
  onClick("zoom-fit", () => viewer.fit());
  onClick("zoom-full", () => viewer.full());
  store.on(["mode"], ({ mode }) => {
    for (const line of $("context").children) line.hidden = line.dataset.mode !== mode;
    if (mode !== "blink") store.set({ playing: false });
  });
  store.on(["layer", "subject", "mode"], ({ layer, subject, mode }) => {
    $("layers").disabled = MODES[mode].together;
    // There is no telling what is wrong without the truth.
    $("layers").querySelector("[value=errors]").closest("label").hidden = subject && !subject.sample;
    if (layer === "errors" && subject && !subject.sample) store.set({ layer: "labels" });
  });
  mountIdle();
  mountPair(store);
  mountMeanings(store);
  mountKeys(store, viewer);
}

/** What lies over the picture leaves it when nobody has moved for a while. */
function mountIdle() {
  const work = /** @type {HTMLElement} */ (document.querySelector(".work"));
  let timer = null;
  const wake = (after) => {
    work.dataset.idle = "false";
    clearTimeout(timer);
    timer = setTimeout(() => {
      work.dataset.idle = "true";
    }, after);
  };
  for (const event of ["pointermove", "pointerdown", "keydown", "focusin"])
    work.addEventListener(event, () => wake(IDLE_MS));
  wake(FIRST_MS);
}

/** Has blink show a picture; the one that it showed before is the other of the pair. */
export function blinkTo(/** @type {Store} */ store, name) {
  const { pair, face } = store.state;
  const before = pair[face];
  if (before !== name) store.set({ pair: [before, before].with(face, name) });
}

/** What slider and blink compare. */
function mountPair(/** @type {Store} */ store) {
  const sides = [$("left-picture"), $("right-picture")];
  const flip = () => store.set({ face: 1 - store.state.face });
  const show = () => reveal($("chips").querySelector("label:has(:checked)"));
  new ResizeObserver(show).observe($("chips")); // once it is shown, and when a device is turned
  for (const [at, side] of sides.entries())
    side.onchange = () => store.set({ pair: store.state.pair.with(at, side.value) });
  $("chips").onchange = ({ target }) => blinkTo(store, target.value);
  onClick("flip", flip);
  onClick("play", () => store.set({ playing: !store.state.playing }));
  store.on(["models", "subject"], (state) => {
    const pictures = picturesOf(state);
    for (const side of sides)
      side.replaceChildren(...pictures.map(({ name, title }) => option({ value: name }, title)));
    fill(
      "chips",
      state.models.length > 0 &&
        pictures.map(({ name, title }) => label(input({ type: "radio", name: "blink", value: name }), span(title))),
    );
  });
  store.on(["pair", "face", "models", "subject"], ({ pair, face }) => {
    for (const [at, side] of sides.entries()) side.value = pair[at];
    for (const radio of $("chips").querySelectorAll("input")) radio.checked = radio.value === pair[face];
    show();
  });
  let timer = null;
  // Who wants no motion flips by hand.
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const settle = () => {
    $("play").hidden = still.matches;
    if (still.matches) store.set({ playing: false });
  };
  settle();
  still.addEventListener("change", settle);
  store.on(["playing"], ({ playing }) => {
    clearInterval(timer);
    if (playing) timer = setInterval(flip, FLIP_MS);
    fill("play", playing ? "Pause" : "Play");
    $("play").setAttribute("aria-pressed", playing);
  });
}

/** What the colours of disagreement and consensus mean. */
function mountMeanings(/** @type {Store} */ store) {
  store.on(["disputed"], ({ disputed }) => {
    for (const share of $("context").querySelectorAll("[data-share]"))
      share.textContent = disputed ? percent(disputed[share.dataset.share]) : "";
  });
  store.on(["ready", "models"], (state) => {
    const many = readyModels(state).length;
    fill("unsettled", many === 3 ? "Where all three differ" : "Where no answer leads");
  });
}

/** Shortcuts, where nothing else wants the key; "?" opens the help that lists them. */
function mountKeys(/** @type {Store} */ store, viewer) {
  const { root } = viewer;
  const peek = (whether) => store.set({ peek: whether });
  const keys = {
    0: () => store.set({ mode: "grid" }),
    d: () => store.set({ mode: store.state.mode === "disagreement" ? "grid" : "disagreement" }),
    f: () => viewer.fit(),
    r: () => viewer.full(),
    "+": () => viewer.zoom(ZOOM),
    "=": () => viewer.zoom(ZOOM),
    "-": () => viewer.zoom(1 / ZOOM),
    "?": () => $("help").showModal(),
    Enter: () => store.state.cursor && store.set({ pinned: !store.state.pinned }),
    Escape: () => store.set({ cursor: null, pinned: false, region: null }),
    " ": () => peek(true),
  };
  addEventListener("keydown", (event) => {
    if (!isFree(event, root)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const model = store.state.models[Number(key) - 1];
    if (key in ARROWS) viewer.step(...ARROWS[key].map((way) => way * STEP * (event.shiftKey ? 10 : 1)));
    else if (model) {
      store.set({ mode: "blink" });
      blinkTo(store, model.name);
    } else if (key in keys) keys[key]();
    else return;
    event.preventDefault();
  });
  addEventListener("keyup", ({ key }) => key === " " && peek(false));
  addEventListener("blur", () => peek(false));
}

/** A key that neither the browser nor what has the focus has a use for. */
function isFree({ target, key, ctrlKey, metaKey, altKey }, root) {
  if (ctrlKey || metaKey || altKey || document.querySelector("dialog[open]")) return false;
  if (target === root || target === document.body) return true;
  return target.type === "radio" && key.length === 1 && key !== " "; // a mode was just chosen with the mouse
}
