// What is going on: in each model's pane, and above the panes for the whole request.

import { $, button, fill, html, onClick, ornament } from "../dom.js";
import { statusOf } from "../state.js";
import { kilobytes, listed, milliseconds } from "../words.js";

const WAKING_AFTER_MS = 2000;
const GETTING_THERE = {
  starting: "Getting ready…",
  preparing: "Preparing the photo…",
  uploading: "Waiting for the photo…",
};
const { div, h3, p, span } = html;

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

/** `usual` is what a cold start took before, if known. */
export function tick(card, began, usual) {
  const ms = performance.now() - began;
  card.querySelector(".elapsed").textContent = milliseconds(ms);
  const waking = `Waking the model${usual ? `, usually ${milliseconds(usual)}` : ""}…`;
  const text = ms > WAKING_AFTER_MS ? waking : "Working…";
  const doing = card.querySelector(".doing");
  if (doing.textContent !== text) doing.textContent = text;
}

export function mountProgress(store, comparisons) {
  const preview = $("preview");
  onClick("cancel", () => comparisons.cancel());
  onClick("again", () => store.state.error.again());
  store.on(["preview"], ({ preview: file }) => {
    URL.revokeObjectURL(preview.src);
    preview.hidden = !file;
    preview.src = file ? URL.createObjectURL(file) : "";
  });
  store.on(["phase", "progress"], ({ phase, progress, subject }) => {
    $("notice").hidden = phase !== "preparing" && phase !== "uploading";
    $("progress").hidden = phase !== "uploading";
    $("progress").value = progress;
    if (phase === "preparing") fill("doing", "Preparing the photo on your device…");
    if (phase === "uploading") fill("doing", `Sending ${kilobytes(subject.sent)}: ${Math.round(100 * progress)} %`);
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
