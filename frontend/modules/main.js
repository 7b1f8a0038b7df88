// Brings the page's parts together, asks the API what there is, and shows what the link says, or the first sample.

import * as api from "./api.js";
import { forgetOld, tokensOf } from "./claims.js";
import { Comparisons } from "./comparison.js";
import { $, bind, fill, onClick } from "./dom.js";
import { mountPlace } from "./here/place.js";
import { FIRST_LOOK, hashOf, LOOK_KEYS, readHash } from "./link.js";
import { mountPanel } from "./panel/panel.js";
import { mountIntake } from "./photo/intake.js";
import { Pixels } from "./pixels/client.js";
import { chosenOf, INITIAL, Store } from "./state.js";
import { mountProgress } from "./viewer/progress.js";
import { mountToolbar } from "./viewer/toolbar.js";
import { UPRIGHT, Viewer } from "./viewer/viewer.js";

const LINK_MS = 300;

const store = new Store({ ...INITIAL, mode: UPRIGHT.matches ? "blink" : "grid" });
const pixels = new Pixels();
const comparisons = new Comparisons(store, pixels);
const viewer = new Viewer($("viewer"), store, pixels, comparisons);

bind(store);
mountToolbar(store, viewer);
mountPanel(store, viewer, pixels);
mountProgress(store, comparisons);
mountIntake(store, pixels, comparisons);
mountPlace(store, comparisons);
// Nobody points at a picture before there is one.
import("./viewer/readout.js").then(({ mountReadout }) => mountReadout(store, pixels));
onClick("open-help", () => $("help").showModal());
onClick("open-models", async () => {
  const { fillModels } = await import("./panel/models.js"); // few look at it
  $("models").showModal();
  fillModels(store, comparisons);
});
store.on(["models", "known"], (state) => {
  const { length } = chosenOf(state);
  fill("open-models", length > 0 ? `${length} of ${state.known.length} models` : "Models");
});
store.on(["subject", "comparison", "error"], ({ subject }) => {
  $("delete").hidden = tokensOf(subject?.id).length === 0;
});
onClick("delete", async ({ target }) => {
  target.disabled = true; // so that no token is used twice
  try {
    const { withdraw } = await import("./panel/withdraw.js"); // few want it
    await withdraw(store, comparisons);
  } catch ({ message: detail }) {
    store.set({ error: { problem: { title: "Nothing was deleted", detail } } });
  }
  target.disabled = false;
});

async function start() {
  store.set({ phase: "starting", error: null });
  try {
    const [{ models, classes, limits }, { samples }] = await Promise.all([api.models(), api.samples()]);
    store.set({ known: models, models, classes, limits, samples, pair: ["photo", models.at(-1).name] });
    forgetOld(limits.uploads_live_hours);
  } catch (error) {
    return comparisons.fail(error, start);
  }
  keepLink();
  if (!store.state.preview && !store.state.subject) await open(); // a photo may have been chosen meanwhile
}

/** Opens the link; what is tried again after a failure is that alone. */
async function open() {
  const again = () => {
    store.set({ error: null });
    return open();
  };
  await openLink().catch((error) => comparisons.fail(error, again));
}

/** Show what the address says; instead of a photo that is gone, the first sample. */
async function openLink() {
  const { sample, photo, patch } = readHash(location.hash, store.state);
  const { models, ...look } = { ...FIRST_LOOK, ...patch };
  const { subject, samples } = store.state;
  // One that names neither is of what is on show: no link holds a photo of this device.
  if (subject && (photo ? subject.id === photo : !sample || subject.sample === sample.id)) {
    store.set({ layer: "labels", ...look });
    await comparisons.choose(models);
    return;
  }
  store.set({ layer: "labels", models, ...look });
  if (!photo) comparisons.openSample(sample ?? samples[0], patch.view);
  else if (!(await comparisons.openLink(photo, patch.view))) {
    comparisons.openSample(samples[0]);
    const title = "This photo is gone";
    const detail =
      "The link was to a photo, and photos can be reached for one day only. Choose one of your own, or a sample.";
    store.set({ error: { problem: { title, detail } } });
  }
}

/** Keep the address and what is shown in step: Back leads to what was looked at before. */
function keepLink() {
  let timer = null;
  let isFirst = true;
  let opening = 0; // links
  let known = location.hash; // another is one that somebody has just gone to, and that is to be opened
  const write = (isLink = false) => {
    if (!store.state.subject || opening > 0 || location.hash !== known) return;
    const hash = `#${hashOf(store.state)}`;
    const isNew = !isLink && !isFirst && placeOf(hash) !== placeOf(location.hash);
    isFirst = false;
    if (hash !== location.hash) history[isNew ? "pushState" : "replaceState"](null, "", hash);
    known = location.hash;
  };
  store.on(["subject", "models", "mode", "layer", "pair", "view", "hidden", ...LOOK_KEYS], ({ playing }) => {
    if (playing) return;
    clearTimeout(timer);
    timer = setTimeout(() => write(), LINK_MS);
  });
  addEventListener("hashchange", async () => {
    known = location.hash;
    if (known === "#viewer") return write(true); // a link within the page
    opening++;
    await open();
    opening--;
    clearTimeout(timer);
    write(true); // in the entry's place: a new one over it would lead Back here again
  });
}

/** Picture, models, mode and layer; where in it one looks makes no new entry in the history. */
function placeOf(hash) {
  const given = new URLSearchParams(hash.slice(1));
  return ["sample", "photo", "models", "mode", "layer"].map((key) => given.get(key)).join();
}

start();
