// What can be saved: pictures, raw maps, the document, the request, a link; and on which terms.

import { TAKES_PHOTOS } from "../api.js";
import { $, button, fill, html, onClick, row } from "../dom.js";
import { FALSIFIED, isTrue } from "../photo/canvas.js";
import { chosenOf, readyModels } from "../state.js";
import { opacityOf, styleOf } from "../viewer/modes.js";
import { listed } from "../words.js";

export function mountTakeAway(/** @type {Store} */ store, pixels) {
  store.whileShown("share", ["comparison", "ready"], ({ models, ready, comparison }) => {
    const answered = models.filter(({ name }) => ready[name] && comparison?.models[name]?.links);
    fill(
      "downloads",
      answered.length
        ? answered.map((model) => downloads(model, store, pixels))
        : html.tr(html.td({ colspan: 6, class: "quiet" }, "Masks appear here as soon as a model has answered.")),
    );
    fill("terms", termsOf(answered));
    $("document").disabled = !comparison;
  });
  onClick("document", () => {
    const { comparison } = store.state;
    const json = JSON.stringify(comparison, null, 2);
    save(new Blob([json], { type: "application/json" }), `tripane-${nameOf(comparison)}.json`);
  });
  store.whileShown("share", ["subject", "models"], (state) => {
    const { subject } = state;
    const request = [location.origin, subject, chosenOf(state)];
    fill("curl", subject?.id && isThere(subject) && curlOf(...request));
    fill("python", subject?.id && isThere(subject) && pythonOf(...request));
  });
  mountCard(store, pixels);
  onClick("share", ({ target }) => {
    const what = target.dataset.copy;
    if (what) copy(what === "link" ? linkTo(store.state, location) : $(what).textContent, target);
  });
}

/** Whether the API can be asked for it. */
const isThere = (/** @type {Subject} */ { local }) => TAKES_PHOTOS && !local;

/** The terms of the weights that made what can be saved; a user's own model has a licence alone, or none told. */
function termsOf(models) {
  const terms = Object.groupBy(models, ({ weights, licence }) => weights?.licence ?? (licence || "licence not told"));
  const words = Object.entries(terms).map(
    ([licence, some]) => `${listed(some.map(({ title }) => title))}: ${licence}. `,
  );
  return words.length > 0 && ["Terms of the weights. ", words];
}

/** The picture to share. */
function mountCard(/** @type {Store} */ store, pixels) {
  const make = async () => {
    const { comparison } = store.state;
    const { cardOf } = await import("./share-picture.js");
    const blob = await trueOnly(store, () => cardOf(store.state, pixels));
    return blob && new File([blob], `tripane-${nameOf(comparison)}.png`, { type: "image/png" });
  };
  onClick("save-card", async () => {
    const card = await make();
    if (card) save(card, card.name);
  });
  onClick("send-card", async () => {
    const card = await make();
    if (!card) return;
    const url = linkTo(store.state, location);
    const shared = { files: [card], title: "Tripane", text: url };
    await navigator.share(shared).catch(() => {}); // cancelled: nothing was shared
  });
  const example = new File([], "card.png", { type: "image/png" });
  $("send-card").hidden = !navigator.canShare?.({ files: [example] });
  store.whileShown("share", ["ready", "comparison", "models"], (state) => {
    const isReady = state.ready.photo && readyModels(state).length > 0 && state.comparison;
    for (const id of ["save-card", "send-card"]) $(id).disabled = !isReady;
  });
}

/** A link to a sample is to its own page, which has a preview; the static demonstration has none. */
export function linkTo({ subject }, { href, origin, hash }) {
  if (!subject?.sample || !TAKES_PHOTOS) return href;
  const look = new URLSearchParams(hash.slice(1));
  look.delete("sample");
  return `${origin}/samples/${subject.sample}/#${decodeURIComponent(look.toString())}`;
}

/** Nothing where the browser falsifies what a page draws. */
async function trueOnly(store, make) {
  if (await isTrue()) return make();
  store.set({ error: { problem: { title: "This picture cannot be saved", detail: FALSIFIED } } });
  return null;
}

const nameOf = ({ sample, id }) => sample ?? id.slice(0, 12);

function downloads({ name, title }, store, pixels) {
  const { subject, comparison } = store.state;
  const { links } = comparison.models[name];
  const file = (what) => `tripane-${nameOf(comparison)}-${name}-${what}`;
  const style = () => styleOf(name, store.state);
  const overlay = () =>
    trueOnly(store, () => pixels.call("overlay", name, style(), opacityOf(name, store.state), subject.image));
  const labelled = (words) => ({ "aria-label": `${title}: ${words}` });
  const made = (text, words, what, make) =>
    button("plain", text, async () => save(await make(), file(what)), labelled(words));
  const given = (words, what, href) =>
    html.a({ class: "plain", href, download: file(what), ...labelled(words) }, "PNG");
  return row(title, [
    made("PNG", "mask, PNG", "mask.png", () => pixels.call("mask", name, style())),
    made("PNG", "mask over photo, PNG", "overlay.png", overlay),
    given("class ids, PNG", "labels.png", links.labels),
    made("npy", "class ids, npy", "ids.npy", () => pixels.call("npy", name)),
    given("confidence, PNG", "confidence.png", links.confidence),
  ]);
}

function save(blob, download) {
  if (!blob) return;
  const href = URL.createObjectURL(blob);
  html.a({ href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

async function copy(text, target) {
  target.dataset.text ??= target.textContent;
  // Browsers have no clipboard for a page that came over plain HTTP from another machine.
  target.textContent = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
    () => "Copied",
    () => "Not allowed",
  );
  setTimeout(() => {
    target.textContent = target.dataset.text;
  }, 2000);
}

/** Makes the comparison again: a photo is fetched as it was sent, byte for byte, then posted. */
export function curlOf(origin, { sample, id }, models = []) {
  const some = models.length > 0 ? ` -F models=${models}` : "";
  if (sample) return `curl -F sample=${sample}${some} ${origin}/v1/comparisons`;
  return `curl -o photo.jpg ${origin}/v1/comparisons/${id}/image
curl -F image=@photo.jpg${some} ${origin}/v1/comparisons`;
}

/** `requests` sends a form as multipart, as the API wants it, for `files` only. */
export function pythonOf(origin, { sample, id }, models = []) {
  const some = models.length > 0 ? `, data={"models": "${models}"}` : "";
  const photo = `photo = requests.get(f"{API}/comparisons/${id}/image", timeout=60).content\n`;
  const files = sample ? `{"sample": (None, "${sample}")}` : '{"image": ("photo.jpg", photo)}';
  return `import requests

API = "${origin}/v1"
${sample ? "" : photo}answer = requests.post(f"{API}/comparisons", files=${files}${some}, timeout=60)
answer.raise_for_status()
for name, model in answer.json()["models"].items():
    print(name, model["status"], model["confidence"])
`;
}
