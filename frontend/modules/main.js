// The page: brings its parts together, asks the API what there is, and shows what the link says, or the first sample.

import * as api from "./api.js";
import { Comparisons } from "./comparison.js";
import { $, bind, onClick } from "./dom.js";
import { mountPanel } from "./panel/panel.js";
import { mountIntake } from "./photo/intake.js";
import { Pixels } from "./pixels/client.js";
import { hashOf, initialState, readHash, Store } from "./state.js";
import { mountProgress } from "./viewer/progress.js";
import { mountReadout } from "./viewer/readout.js";
import { mountToolbar } from "./viewer/toolbar.js";
import { Viewer } from "./viewer/viewer.js";

const PHONE = "(max-width: 760px)";
const LINK_MS = 300;

const store = new Store(initialState());
const pixels = new Pixels();
const comparisons = new Comparisons(store, pixels);
const viewer = new Viewer($("viewer"), store, pixels, (model) => comparisons.retryModel(model));

bind(store);
mountToolbar(store, viewer);
mountReadout($("readout"), store, pixels);
mountPanel(store, viewer, pixels);
mountProgress(
  store,
  () => comparisons.cancel(),
  (what) => (what === "start" ? start() : comparisons.again()),
);
mountIntake(
  store,
  (file) => comparisons.openPhoto(file),
  (sample) => comparisons.openSample(sample),
);
onClick("open-help", () => $("help").showModal());
onClick("open-models", async () => {
  const { fillModels } = await import("./panel/models.js"); // few look at it
  $("models").showModal();
  fillModels(store.state);
});

async function start() {
  store.set({ phase: "starting", error: null });
  try {
    const [{ models, classes }, { samples }] = await Promise.all([api.models(), api.samples()]);
    const mode = matchMedia(PHONE).matches ? "blink" : "grid";
    store.set({ models, classes, samples, mode, pair: ["photo", models.at(-1).name] });
    keepLink();
    await openLink();
  } catch ({ problem, retryAfter, message }) {
    const told = problem ?? { title: "Something went wrong", detail: message };
    store.set({ phase: "stopped", error: { problem: told, retryAfter, again: "start" } });
  }
}

/** Show what the address says; what it says of a photo that is gone is said, and the first sample shown instead. */
async function openLink() {
  const { sample = store.state.samples[0], photo, patch } = readHash(location.hash, store.state);
  store.set(patch);
  if (!photo) return comparisons.openSample(sample, patch);
  if (await comparisons.openLink(photo, patch)) return;
  const { error } = store.state;
  const opened = comparisons.openSample(sample);
  store.set({ error });
  return opened;
}

/** Keep the address in step with what is shown, and follow it when somebody else changes it. */
function keepLink() {
  let timer = null;
  const write = () => store.state.subject && history.replaceState(null, "", `#${hashOf(store.state)}`);
  store.on(["subject", "mode", "layer", "pair", "view", "hidden"], () => {
    clearTimeout(timer);
    timer = setTimeout(write, LINK_MS);
  });
  addEventListener("hashchange", openLink);
}

start();
