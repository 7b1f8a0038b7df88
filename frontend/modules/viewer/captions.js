// What is said in words: in and under each pane, of the whole request, under the crosshair, to those who cannot see.

import { $, button, fill, html, onClick, ornament, swatch } from "../dom.js";
import { NOTHING, pixelAt } from "../pixels/maps.js";
import { coloursOf } from "../pixels/paint.js";
import { statusOf } from "../state.js";
import { className, fraction, kilobytes, listed, milliseconds, percent } from "../words.js";
import { MODES } from "./modes.js";

const CLASSES_TOLD = 4;
const LONG_MS = 2000;
const GETTING_THERE = {
  starting: "Getting ready…",
  preparing: "Preparing the photo…",
  uploading: "Waiting for the photo…",
};
const { div, h3, p, span } = html;

/** Beside a pane's title, the most telling first: a narrow pane has room for some only. */
export function notesOf(state, key, model) {
  const { comparison, subject } = state;
  if (key === "photo" && subject) return [`${subject.width} × ${subject.height}`];
  const status = statusOf(state, model);
  if (status !== "ok") return status === "failed" ? [status] : [];
  const answer = comparison.models[model];
  const miou = comparison.truth?.models[model]?.miou;
  const { network, total } = answer.timings_ms;
  return [
    `${milliseconds(network)} network`,
    `${percent(answer.confidence, 0)} sure`,
    ...(typeof miou === "number" ? [`mIoU ${fraction(miou)}`] : []),
    `${milliseconds(total)} in all`,
  ];
}

/** What stands in a model's pane but for its picture; another `key` means another card. */
export function cardOf(state, name, title, painted, comparisons) {
  const { comparison, phase } = state;
  const status = statusOf(state, name);
  const card = (key, ...parts) => ({ key, card: div({ class: "card" }, parts) });
  const ask = (words) => button("button", `${words} ${title}`, () => comparisons.retryModel(name));
  if (status === "ok") return painted ? null : card("loading", p("Loading its answer…"));
  if (status === "none") return card("none", p(`${title} has not been asked.`), comparison && ask("Ask"));
  if (status === "failed") {
    const { title: what, detail, request_id: id } = comparison.models[name].problem;
    const parts = [h3(what), p(detail), ask("Retry"), id && p({ class: "request-id" }, `Request ${id}`)];
    return card(`failed ${id} ${detail}`, { class: "card failed" }, parts);
  }
  if (GETTING_THERE[phase]) return card(phase, p(GETTING_THERE[phase]));
  const doing = span({ class: "doing" }, "Working…");
  return card("running", { "data-waiting": true }, ornament("spinner"), p(doing, " ", ornament("elapsed")));
}

/** `usual` is what the model's last cold start took; null where it was not cold. */
export function tick(card, began, usual) {
  const ms = performance.now() - began;
  card.querySelector(".elapsed").textContent = milliseconds(ms);
  const long = usual ? `Working, or waking up: that took ${milliseconds(usual)} last time…` : "Still working…";
  const text = ms > LONG_MS ? long : "Working…";
  const doing = card.querySelector(".doing");
  if (doing.textContent !== text) doing.textContent = text;
}

/** Of a pane, for those who cannot see it. */
export function summaryOf(state, key, model, title) {
  const { comparison, subject } = state;
  if (!subject) return "No picture yet.";
  if (key === "photo") return `Photo: ${subject.alt ?? subject.title}`;
  if (key === "truth") return `Ground truth of ${subject.title}.`;
  if (model) return answerInWords(state, model, title);
  return MODES[key]?.summary?.(state) || (comparison ? `${title}.` : `${title}: waiting for the models.`);
}

function answerInWords({ comparison, classes, layer }, model, title) {
  const answer = comparison?.models[model];
  if (answer?.status === "failed") return `${title} failed: ${answer.problem.detail}`;
  if (answer?.status !== "ok") return `${title} has not answered yet.`;
  const most = Object.entries(answer.classes)
    .filter(([, share]) => share >= 0.005)
    .sort((a, b) => b[1] - a[1])
    .slice(0, CLASSES_TOLD)
    .map(([name, share]) => `${className(classes, name)} ${percent(share, 0)}`);
  const shown = { labels: "", confidence: " Its confidence is shown.", errors: " Its errors are shown." }[layer];
  return `${title} sees ${listed(most)}.${shown}`;
}

export function mountReadout(/** @type {Store} */ store, pixels) {
  const hint = $("readout").textContent;
  store.on(["cursor", "pinned", "ready", "palette"], (state) => {
    // Who points with a mouse does not want every pixel read out; who pins or uses keys does.
    $("readout").setAttribute("aria-live", state.pinned ? "polite" : "off");
    $("readout").classList.toggle("kept", state.pinned);
    fill("readout", state.cursor && state.subject ? readings(state, pixels) : hint);
  });
}

function readings({ cursor, subject, models, classes, palette }, { maps }) {
  const pixel = pixelAt(cursor.x, cursor.y, subject.width, subject.height);
  const colours = coloursOf(classes, palette);
  const there = [...models, { name: "truth", title: "Truth" }].filter(({ name }) => maps.has(name));
  if (there.length === 0) return "No model has answered yet.";
  return there.map(({ name, title }, at) => {
    const { ids, confidence } = maps.get(name);
    const id = ids[pixel];
    const word = id === NOTHING ? "nothing" : classes[id].title.toLowerCase();
    const sure = confidence ? ` ${fraction(confidence[pixel] / 255)}` : "";
    const colour = swatch("", { background: colours[id] ?? "transparent" });
    const reading = span({ class: "reading" }, colour, `${title}: ${word}${sure}`);
    return [at > 0 && span({ class: "between" }, " · "), reading];
  });
}

export function mountProgress(/** @type {Store} */ store, comparisons) {
  const preview = $("preview");
  onClick("cancel", () => comparisons.cancel());
  onClick("again", () => store.state.error.again());
  store.on(["preview"], ({ preview: file }) => {
    URL.revokeObjectURL(preview.src);
    preview.hidden = !file;
    preview.src = file ? URL.createObjectURL(file) : "";
  });
  store.on(["phase", "progress"], ({ phase, progress, subject }) => {
    $("notice").hidden = !["preparing", "uploading", "fetching"].includes(phase);
    $("progress").hidden = phase === "preparing";
    $("progress").value = progress;
    if (phase === "preparing") fill("doing", "Preparing the photo on your device…");
    if (phase === "fetching")
      fill("doing", `Fetching the engine and the networks, once: ${Math.round(100 * progress)} %`);
    if (phase === "uploading") fill("doing", `Sending ${kilobytes(subject.sent)}: ${percent(progress, 0)}`);
  });
  store.on(["phase", "comparison", "retrying"], (state) => fill("status", inWords(state)));
  store.on(["error"], showError);
}

/** One sentence for a screen reader. */
function inWords(state) {
  const { phase, models } = state;
  const having = (status) =>
    listed(models.filter(({ name }) => statusOf(state, name) === status).map(({ title }) => title));
  const [done, failed, running] = ["ok", "failed", "running"].map(having);
  if (phase === "preparing") return "Preparing the photo.";
  if (phase === "uploading") return "Sending the photo.";
  if (phase === "starting" || models.length === 0) return "";
  return [
    done ? `${done} answered.` : "No model has answered yet.",
    failed && `${failed} failed.`,
    running && `Waiting for ${running}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

let countdown = null;

function showError({ error }) {
  clearInterval(countdown);
  $("error").hidden = !error;
  $("error").classList.toggle("calm", Boolean(error?.calm));
  if (!error) return;
  const { title, detail, request_id: id } = error.problem;
  fill("error-title", title);
  fill("error-detail", detail);
  fill("error-request", id && `Request ${id}`);
  $("again").hidden = !error.again;
  // Not to be pressed before the server wants to hear of it.
  const until = Date.now() + 1000 * (error.retryAfter ?? 0);
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    $("again").disabled = left > 0;
    fill("again", left > 0 ? `Try again in ${left} s` : "Try again");
    if (left <= 0) clearInterval(countdown);
  };
  countdown = setInterval(show, 250);
  show();
}
