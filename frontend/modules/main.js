// The page: brings its parts together, asks the API what there is, and shows what the link says, or the first sample.

import * as api from "./api/client.js";
import { Comparisons } from "./comparison/comparisons.js";
import { Loaded } from "./comparison/loaded.js";
import { $ } from "./dom.js";
import { mountModels } from "./panel/models.js";
import { mountPanel } from "./panel/panel.js";
import { mountIntake } from "./photo/intake.js";
import { Pixels } from "./pixels/client.js";
import { initialState } from "./state/initial.js";
import { hashOf, readHash } from "./state/link.js";
import { Store } from "./state/store.js";
import { blinkTo, mountContext } from "./viewer/context.js";
import * as keys from "./viewer/keys.js";
import { mountNotice } from "./viewer/notice.js";
import { mountReadout } from "./viewer/readout.js";
import { mountToolbar } from "./viewer/toolbar.js";
import { Viewer } from "./viewer/viewer.js";

const PHONE = "(max-width: 760px)";
const LINK_MS = 300;

const store = new Store(initialState());
const pixels = new Pixels();
const loaded = new Loaded();
const comparisons = new Comparisons(store, pixels, loaded);
const viewer = new Viewer($("viewer"), store, loaded, pixels, (model) => comparisons.retryModel(model));

mountToolbar(store, viewer);
mountContext($("context"), store);
mountReadout($("readout"), store, loaded);
mountPanel(store, { viewer, loaded, pixels });
mountModels(store);
mountNotice(store, {
  cancel: () => comparisons.cancel(),
  again: (what) => (what === "start" ? start() : comparisons.again()),
});
mountIntake(store, {
  photo: (file) => comparisons.openPhoto(file),
  sample: (sample) => comparisons.openSample(sample),
});
for (const name of ["models", "help"]) $(`open-${name}`).addEventListener("click", () => $(name).showModal());

keys.listen($("viewer"), {
  model: (index) => {
    const model = store.state.models[index];
    if (!model) return;
    store.set({ mode: "blink" });
    blinkTo(store, model.name);
  },
  all: () => store.set({ mode: "grid" }),
  disagreement: () => store.set({ mode: store.state.mode === "disagreement" ? "grid" : "disagreement" }),
  peek: (peek) => store.set({ peek }),
  zoom: (factor) => viewer.zoom(factor),
  fit: () => viewer.fit(),
  full: () => viewer.full(),
  step: (dx, dy) => viewer.step(dx, dy),
  pin: () => store.state.cursor && store.set({ pinned: !store.state.pinned }),
  clear: () => store.set({ cursor: null, pinned: false, region: null }),
  help: () => $("help").showModal(),
});

async function start() {
  store.set({ phase: "starting", error: null });
  try {
    const [{ models, classes }, { samples }] = await Promise.all([api.models(), api.samples()]);
    const mode = matchMedia(PHONE).matches ? "blink" : "grid";
    store.set({ models, classes, samples, mode, pair: ["photo", models.at(-1).name] });
    keepLink();
    await openLink();
  } catch (error) {
    store.set({
      phase: "stopped",
      error: {
        problem: error.problem ?? { title: "Something went wrong", detail: error.message },
        retryAfter: error.retryAfter,
        again: "start",
      },
    });
  }
}

/** Show what the address says; what it says of a photo that is gone is said, and the first sample shown instead. */
async function openLink() {
  const { subject, patch } = readHash(location.hash, store.state);
  store.set(patch);
  if (subject?.photo) {
    if (await comparisons.openLink(subject.photo, patch)) return;
    const { error } = store.state;
    const opened = comparisons.openSample(store.state.samples[0]);
    store.set({ error });
    return opened;
  }
  return comparisons.openSample(subject?.sample ?? store.state.samples[0], patch);
}

/** Keep the address in step with what is shown, and follow it when somebody else changes it. */
function keepLink() {
  let timer = null;
  const write = () => store.state.subject && history.replaceState(null, "", `#${hashOf(store.state)}`);
  store.on(["subject", "mode", "layer", "pair", "view", "hidden"], () => {
    clearTimeout(timer);
    timer = setTimeout(write, LINK_MS);
  });
  addEventListener("hashchange", () => openLink());
}

start();
