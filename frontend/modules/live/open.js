// Live: camera or video through every network, each given the same frame.

import { html } from "../dom.js";
import { canRun, engine } from "../here/engine.js";
import { coloursOf } from "../pixels/paint.js";
import { milliseconds, percent } from "../words.js";
import { controlsOf } from "./controls.js";
import { openDialog } from "./frame-dialog.js";
import { loadAll } from "./load.js";
import { Pace } from "./pace.js";
import { Snapshots } from "./snapshots.js";
import { camera, close, newPictures, play, stop } from "./source.js";
import { multipleOf, Stage, sizeAt, sureWords } from "./stage.js";

const { div, output, p, video } = html;
const PREVIEW = 640; // px of its long side
const CALM = "Nothing of these pictures leaves this device.";
const NO_VIDEO = "Live takes videos only. For a photo, close Live first, then drop or paste it on the page.";

export function open(/** @type {Store} */ store, comparisons) {
  const { models, classes, palette, limits } = store.state;
  const able = models.filter(canRun);
  const colours = coloursOf(classes, palette);
  const state = {
    layer: "labels",
    withDispute: true,
    short: null,
    chosen: Object.fromEntries(able.map(({ name }) => [name, true])),
  };
  const stage = new Stage("Camera");
  const screen = video({ muted: true, playsinline: true });
  screen.muted = true; // the attribute alone does not let it play by itself
  const [rate, says] = [output({ class: "rate" }), p({ role: "status", class: "says" })];
  let failed = {}; // why a network cannot run, by model name
  const say = (...words) => says.replaceChildren(...words);
  const controls = controlsOf(able, state, {
    onCamera: () => begin(ownCamera),
    onFile: (file) => begin(() => file),
    onFreeze: () => keepFrame(),
    onChange: ({ chosen, short }) => {
      if (chosen) stage.show(able.filter(({ name }) => chosen[name]));
      if (chosen || short !== undefined) pace = new Pace(state.short);
    },
  });
  const content = [div({ class: "live-controls" }, controls.all, rate), says, stage.root];
  const dialog = openDialog("live", "Live, on this device", content, () => {
    isOpen = false;
    begun++;
    close(screen);
    closed.abort();
  });
  let [pace, isOpen, isShowing, isRunning] = [new Pace(), true, false, false];
  const closed = new AbortController();
  let begun = 0; // how many sources were asked for: what comes of an earlier one comes too late
  let shown = null; // the frame on show, as it came
  const next = newPictures(screen);
  const snapshots = new Snapshots();
  stage.show(able);

  const ownCamera = () => camera(halt, (isMute) => say(isMute ? "The camera gives no pictures just now." : CALM));

  function halt(why) {
    begun++;
    isShowing = false;
    controls.freeze.disabled = true;
    close(screen);
    say(why);
  }

  /** Takes what is dropped or pasted before the page, which is covered and would send it, hears of it. */
  function take(/** @type {any} */ event) {
    const { files } = event.dataTransfer ?? event.clipboardData;
    event.preventDefault();
    event.stopPropagation();
    document.body.classList.remove("dropping");
    if (files.length === 0) return;
    const film = [...files].find(({ type }) => type.startsWith("video/"));
    if (film) begin(() => film);
    else say(NO_VIDEO);
  }

  async function begin(source) {
    halt(
      source === ownCamera ? "Waiting for the camera: the browser may ask whether it is allowed." : "Getting ready…",
    );
    const turn = begun;
    try {
      const found = await source();
      if (turn !== begun) return stop(found);
      await play(screen, found, limits.max_pixels, halt);
      preview(turn);
      failed = await loadAll(able, classes, stage, (...words) => turn === begun && say(...words));
    } catch ({ message }) {
      return turn === begun && halt(message);
    }
    if (turn !== begun) return;
    say(CALM);
    isShowing = true;
    pace = new Pace(state.short);
    run();
  }

  /** Shows the source alone, while the networks are fetched. */
  async function preview(turn) {
    while (turn === begun && !isShowing) {
      const size = scaled({ width: screen.videoWidth, height: screen.videoHeight }, PREVIEW);
      const frame = await snapshots.take(screen, size);
      if (turn !== begun || isShowing) return;
      if (frame) stage.preview(snapshots.scaled(frame, size));
      await next();
    }
  }

  /** Runs frame by frame; not while nobody looks. */
  async function run() {
    if (isRunning) return;
    isRunning = true;
    while (isOpen && isShowing) {
      if (document.hidden) {
        await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
        await screen.play().catch(() => {}); // some browsers halt it meanwhile
        pace.forget();
      } else {
        await next();
        const turn = begun;
        await one().catch(({ message }) => turn === begun && halt(`It cannot go on: ${message}`));
      }
    }
    isRunning = false;
  }

  async function one() {
    const now = able.filter(({ name }) => state.chosen[name] && !failed[name]);
    const { videoWidth: width, videoHeight: height } = screen; // others once the device is turned
    if (now.length === 0 || width === 0) return;
    const began = performance.now();
    const frame = await snapshots.take(screen, scaled({ width, height }, limits.result_long_side));
    if (!frame) return;
    const size = sizeAt(pace.short, frame, multipleOf(now));
    const { layer, withDispute } = state;
    const answer = await engine.frame(snapshots.scaled(frame, size), now, { size, layer, colours, withDispute });
    const end = performance.now();
    pace.add(end - began, end);
    // When the screen can show it: the next frame is on its way by then.
    requestAnimationFrame(() => draw(frame, answer, layer, size));
  }

  function draw(frame, answer, layer, size) {
    if (!isOpen) return;
    shown = frame;
    controls.freeze.disabled = !isShowing;
    stage.draw(answer, { layer, noteOf, failed });
    const agree = answer.agreement === null ? "" : ` · all agree on ${percent(answer.agreement, 0)}`;
    const threads = engine.threads === 1 ? "one thread" : `${engine.threads} threads`;
    rate.textContent = `${pace.rate.toFixed(1)} frames/s at ${size.width} × ${size.height} on ${threads}${agree}`;
    Object.assign(dialog.dataset, { rate: pace.rate.toFixed(2), width: size.width, height: size.height });
  }

  /** Takes the frame on show to the page, for a full comparison. */
  async function keepFrame() {
    dialog.close();
    const file = await shown.convertToBlob({ type: "image/png" });
    store.set({ place: "here" });
    await Promise.resolve(); // until whoever hears of the place has
    comparisons.openPhoto(file);
  }

  const { signal } = closed;
  for (const type of ["drop", "paste"]) addEventListener(type, take, { capture: true, signal });
  begin(ownCamera);
}

/** The size, scaled down to at most `longSide`. */
function scaled({ width, height }, longSide) {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const noteOf = ({ network, sure }) => `${milliseconds(network)} · ${sureWords(sure)}`;
