// Live: camera or video through every network, each given the same frame.

import { button, html } from "../dom.js";
import { canRun, engine } from "../here/engine.js";
import { coloursOf } from "../pixels/paint.js";
import { milliseconds, percent } from "../words.js";
import { openDialog } from "./frame-dialog.js";
import { Pace } from "./pace.js";
import { close, openCamera, openFile } from "./source.js";
import { Stage, sizeAt, sureWords } from "./stage.js";

const { div, input, label, output, p, span, video } = html;

export function open(/** @type {Store} */ store, comparisons) {
  const { models, classes, palette } = store.state;
  const able = models.filter(canRun);
  const colours = coloursOf(classes, palette);
  const chosen = new Set(able.map(({ name }) => name));
  const stage = new Stage("Camera");
  const screen = video({ muted: true, playsinline: true });
  screen.muted = true; // the attribute alone does not let it play by itself
  const [rate, says] = [output({ class: "rate" }), p({ role: "status", class: "says" })];
  let [layer, withDispute, pace, isOpen, isShowing] = ["labels", true, new Pace(), true, false];

  const say = (words) => says.replaceChildren(words);
  const pick = input({
    type: "file",
    accept: "video/*",
    class: "visually-hidden",
    id: "live-file",
    onchange: ({ target }) => target.files[0] && begin(() => openFile(screen, target.files[0])),
  });
  const ticks = able.map(({ name, title }) =>
    label(
      input({ type: "checkbox", checked: true, onchange: ({ target }) => choose(name, target.checked) }),
      ` ${title}`,
    ),
  );
  const layers = ["Labels", "Confidence"].map((title, at) =>
    label(
      input({ type: "radio", name: "live-layer", checked: at === 0, onchange: () => (layer = title.toLowerCase()) }),
      span(title),
    ),
  );
  const freeze = button("button primary", "Freeze this frame", () => keepFrame());
  const controls = div(
    { class: "live-controls" },
    button("button", "Camera", () => begin(() => openCamera(screen, stop))),
    label({ class: "button", for: "live-file" }, "Video file"),
    pick,
    html.fieldset({ class: "segments" }, html.legend({ class: "visually-hidden" }, "Shown of each network"), layers),
    label(
      input({ type: "checkbox", checked: true, onchange: ({ target }) => (withDispute = target.checked) }),
      " Disagreement",
    ),
    ticks,
    freeze,
    rate,
  );
  const dialog = openDialog("live", "Live, on this device", [controls, says, stage.root], () => {
    isOpen = false;
    close(screen);
  });
  freeze.disabled = true;
  stage.show(able);

  function choose(name, whether) {
    if (whether) chosen.add(name);
    else chosen.delete(name);
    stage.show(able.filter((model) => chosen.has(model.name)));
    pace = new Pace();
  }

  const stop = (why) => {
    isShowing = false;
    freeze.disabled = true;
    close(screen);
    say(why);
  };

  async function begin(opened) {
    close(screen);
    isShowing = false;
    say("Getting ready…");
    try {
      await opened();
      const onFetched = (share) => say(`Fetching the engine and the networks, once: ${percent(share, 0)}`);
      await Promise.all(able.map((model) => engine.load(model, onFetched)));
    } catch ({ message }) {
      return stop(message);
    }
    if (!isOpen) return close(screen);
    say("Nothing of these pictures leaves this device.");
    isShowing = true;
    freeze.disabled = false;
    pace = new Pace();
    run();
  }

  let running = false;
  /** Frame by frame, the next as soon as the last is drawn; none while nobody looks. */
  async function run() {
    if (running) return;
    running = true;
    while (isOpen && isShowing) {
      // A tick of the page's own thread between frames, so that clicks come through.
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (document.hidden) {
        await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
        pace.forget();
        continue;
      }
      if (screen.readyState < 2 || screen.videoWidth === 0 || chosen.size === 0) continue;
      await one().catch((error) => stop(`It cannot go on: ${error.message}`));
    }
    running = false;
  }

  async function one() {
    const now = able.filter(({ name }) => chosen.has(name));
    const seen = { width: screen.videoWidth, height: screen.videoHeight }; // another once the device is turned
    const size = sizeAt(pace.short, seen, Math.max(...now.map(({ input: { multiple } }) => multiple)));
    const began = performance.now();
    const bitmap = await createImageBitmap(screen);
    const answer = await engine.frame(bitmap, now, { size, layer, colours });
    if (!isOpen) return;
    const end = performance.now();
    pace.add(end - began, end);
    const noteOf = ({ network, sure }) => `${milliseconds(network)} network · ${sureWords(sure)}`;
    stage.draw(answer, { layer, withDispute, noteOf });
    const agree = answer.agreement === null ? "" : ` · all agree on ${percent(answer.agreement, 0)}`;
    const threads = engine.threads === 1 ? "one thread" : `${engine.threads} threads`;
    rate.textContent = `${pace.rate.toFixed(1)} frames/s at ${size.width} × ${size.height} on ${threads}${agree}`;
    Object.assign(dialog.dataset, { rate: pace.rate.toFixed(2), width: size.width, height: size.height });
  }

  /** To be looked at with everything that the page has. */
  async function keepFrame() {
    const canvas = new OffscreenCanvas(screen.videoWidth, screen.videoHeight);
    canvas.getContext("2d").drawImage(screen, 0, 0);
    const file = await canvas.convertToBlob({ type: "image/png" });
    dialog.close();
    store.set({ place: "here" });
    await Promise.resolve(); // until whoever hears of the place has
    comparisons.openPhoto(file);
  }

  begin(() => openCamera(screen, stop));
}
