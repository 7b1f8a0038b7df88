// What is said in words in each pane: beside its title, instead of its picture, and to those who cannot see it.

import { button, html, ornament } from "../dom.js";
import { readyModels, statusOf } from "../state.js";
import { className, count, fraction, listed, milliseconds, percent } from "../words.js";
import { MODES } from "./modes.js";

const ELSEWHERE = "If it was asked, a new version of this service has taken over meanwhile.";
const ENDED = "The comparison ended before it had answered.";
const CLASSES_TOLD = 4;
const LONG_MS = 2000;
const GETTING_THERE = {
  starting: "Getting ready…",
  preparing: "Preparing the photo…",
  uploading: "Waiting for the photo…",
  fetching: "Waiting for the networks…",
};
const { div, h3, p, span } = html;

/** Words beside a pane's title, the most telling first: a narrow pane has room for some only. */
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
  const { comparison, phase, subject } = state;
  const status = statusOf(state, name);
  const card = (key, ...parts) => ({ key, card: div({ class: "card" }, parts) });
  const ask = (words) => button("button", `${words} ${title}`, () => comparisons.retryModel(name));
  if (status === "ok") return painted ? null : card("loading", p("Loading its answer…"));
  if (status === "none" && !comparison) return card("none", p(`${title} has not been asked.`), subject && ask("Ask"));
  const why = comparison?.models[name] ? ENDED : ELSEWHERE;
  if (status === "none") return card(why, p(`${title} has no answer here.`), p(why), ask("Ask"));
  if (status === "failed") {
    const { problem } = comparison.models[name];
    const { title: what, request_id: id } = problem;
    const detail = state.explain(problem);
    const parts = [h3(what), p(detail), ask("Retry"), id && p({ class: "request-id" }, `Request ${id}`)];
    return card(`failed ${id} ${detail}`, { class: "card failed" }, parts);
  }
  if (GETTING_THERE[phase]) return card(phase, p(GETTING_THERE[phase]));
  const doing = span({ class: "doing" }, "Working…");
  return card("running", { "data-waiting": true }, ornament("spinner"), p(doing, " ", ornament("elapsed")));
}

/** Instead of what models make together, while too few have answered, or run. */
export function lackOf(state, mode) {
  const { least = 0 } = MODES[mode] ?? {};
  const { length } = readyModels(state);
  if (length >= least) return null;
  const words = `It takes ${count(least)} answers; there ${length === 1 ? "is" : "are"} ${count(length)}.`;
  return { key: words, card: div({ class: "card" }, p(words)) };
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

/** A pane in words, for those who cannot see it. */
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
