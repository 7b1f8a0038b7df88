// What stands in a model's pane while it has no answer: how long it has run, or why it failed.

import { element } from "../dom.js";
import { statusOf } from "../state/pictures.js";
import { milliseconds } from "../words.js";

const WAKING_AFTER_MS = 2000;

/**
 * @param {object} state
 * @param {{name: string, title: string}} model
 * @param {boolean} painted whether its answer can be seen
 * @param {(model: string) => void} onAsk
 * @returns {{key: string, card: HTMLElement}|null} null when the model has answered; `key` changes with the card
 */
export function cardOf(state, { name, title }, painted, onAsk) {
  const status = statusOf(state, name);
  if (status === "ok") return painted ? null : { key: "loading", card: note("Loading its answer…") };
  if (status === "failed") return failed(state.comparison.models[name].problem, title, () => onAsk(name));
  if (status === "running") return { key: `running ${state.phase}`, card: running(state) };
  return { key: "none", card: notAsked(state, title, () => onAsk(name)) };
}

const note = (text) => element("div", { class: "card" }, element("p", {}, text));

function running({ phase }) {
  const words = {
    starting: "Getting ready…",
    preparing: "Preparing the photo…",
    uploading: "Waiting for the photo…",
  };
  if (words[phase]) return note(words[phase]);
  const elapsed = element("span", { class: "elapsed", "aria-hidden": "true" });
  return element(
    "div",
    { class: "card", "data-waiting": true },
    element("span", { class: "spinner", "aria-hidden": "true" }),
    element("p", {}, element("span", { class: "doing" }, "Working…"), " ", elapsed),
  );
}

/** Bring the time in a running card up to date; `usual` in ms is what a cold start took before, if known. */
export function tick(card, began, usual) {
  const ms = performance.now() - began;
  card.querySelector(".elapsed").textContent = milliseconds(ms);
  const waking = ms > WAKING_AFTER_MS;
  const text = waking ? `Waking the model${usual ? `, usually ${milliseconds(usual)}` : ""}…` : "Working…";
  const doing = card.querySelector(".doing");
  if (doing.textContent !== text) doing.textContent = text;
}

function failed(problem, title, onAsk) {
  const card = element(
    "div",
    { class: "card failed" },
    element("h3", {}, problem.title),
    element("p", {}, problem.detail),
    element("button", { class: "button", type: "button", onclick: onAsk }, `Retry ${title}`),
    problem.request_id ? element("p", { class: "request-id" }, `Request ${problem.request_id}`) : null,
  );
  return { key: `failed ${problem.request_id} ${problem.detail}`, card };
}

function notAsked({ comparison }, title, onAsk) {
  const card = note(`${title} has not been asked.`);
  if (comparison) card.append(element("button", { class: "button", type: "button", onclick: onAsk }, `Ask ${title}`));
  return card;
}
