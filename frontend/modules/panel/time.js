// How long each model took, stage by stage, and what that costs.

import { element } from "../dom.js";
import { dollars, milliseconds } from "../words.js";
import { whileShown } from "./shown.js";

const STAGES = [
  ["upload", "Upload from here"],
  ["start", "Cold start"],
  ["queue", "Queue, transfer"],
  ["fetch", "Fetch the photo"],
  ["decode", "Decode"],
  ["preprocess", "Resize"],
  ["network", "Network"],
  ["postprocess", "Label the pixels"],
  ["encode", "Encode"],
  ["store", "Store"],
];

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTime(root, store) {
  whileShown(store, "time", ["comparison", "models", "uploadMs"], (state) => {
    root.replaceChildren(...contents(state));
  });
}

function contents(state) {
  const answers = state.models
    .map((model) => ({ ...model, answer: state.comparison?.models[model.name] }))
    .filter(({ answer }) => answer?.status === "ok")
    .map((each) => ({ ...each, times: timesOf(each.answer, state.uploadMs) }));
  if (answers.length === 0) return [element("p", { class: "quiet" }, "No model has answered yet.")];
  const longest = Math.max(...answers.map(({ times }) => sum(times)));
  return [
    element("h3", {}, "From your device to the answer"),
    element(
      "ul",
      { class: "bars" },
      answers.map((each) => stacked(each, longest)),
    ),
    details(answers),
    ...costs(answers, state.comparison.price),
    ...note(answers),
  ];
}

/** Milliseconds by stage; what nobody measured is left out. */
function timesOf({ timings_ms: timings, cold_start: cold, init_ms: init }, uploadMs) {
  const times = { upload: uploadMs, start: cold ? init : null, ...timings };
  return Object.fromEntries(STAGES.map(([stage]) => [stage, times[stage]]).filter(([, ms]) => ms > 0));
}

const sum = (times) => Object.values(times).reduce((total, ms) => total + ms, 0);

function stacked({ title, answer, times }, longest) {
  const parts = Object.entries(times).map(([stage, ms]) => {
    const part = element("span", { class: `stage-${stage}` });
    part.style.width = `${(100 * ms) / longest}%`;
    return part;
  });
  const start = answer.cold_start ? "cold start" : "warm";
  return element(
    "li",
    {},
    element(
      "p",
      {},
      element("strong", {}, title),
      element("span", { class: `start ${answer.cold_start ? "cold" : ""}` }, start),
      element("span", { class: "number" }, milliseconds(sum(times))),
    ),
    element("span", { class: "stack", "aria-hidden": "true" }, parts),
  );
}

function details(answers) {
  const seen = STAGES.filter(([stage]) => answers.some(({ times }) => times[stage] !== undefined));
  return element(
    "table",
    { class: "stages" },
    element("caption", { class: "visually-hidden" }, "Time by stage"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, "Stage"),
        answers.map(({ title }) => element("th", { scope: "col" }, title)),
      ),
    ),
    element(
      "tbody",
      {},
      seen.map(([stage, title]) =>
        element(
          "tr",
          {},
          element(
            "th",
            { scope: "row" },
            element("span", { class: `swatch stage-${stage}`, "aria-hidden": "true" }),
            title,
          ),
          answers.map(({ times }) => element("td", {}, times[stage] === undefined ? "–" : milliseconds(times[stage]))),
        ),
      ),
      row("Most memory", answers, ({ answer }) => `${Math.round(answer.peak_memory_mb)} MB`),
      row("Billed (estimate)", answers, ({ answer }) => milliseconds(answer.billed_ms)),
      row("Cost on Lambda", answers, ({ answer }) => dollars(answer.cost_usd)),
    ),
  );
}

const row = (title, answers, text) =>
  element(
    "tr",
    {},
    element("th", { scope: "row" }, title),
    answers.map((each) => element("td", {}, text(each))),
  );

function costs(answers, price) {
  const total = answers.reduce((all, { answer }) => all + answer.cost_usd, 0);
  const memory = [...new Set(answers.map(({ answer }) => answer.memory_mb))].join(" or ");
  return [
    element("h3", {}, "Cost"),
    element(
      "p",
      {},
      "This comparison costs about ",
      element("strong", {}, dollars(total)),
      ` on AWS Lambda: ${Math.round(1 / total).toLocaleString("en")} of them for one dollar.`,
    ),
    element(
      "p",
      { class: "quiet" },
      `Reckoned at ${memory} MB, $${price.usd_per_gb_second} a GB-second and $${(1e6 * price.usd_per_request).toFixed(2)} a million requests (`,
      element("a", { href: price.source, rel: "noreferrer" }, "AWS Lambda pricing"),
      "); storage, transfer and the orchestrator not included.",
    ),
  ];
}

/** When an answer was there already, its times are of when it was made. */
function note(answers) {
  const dates = answers.map(({ answer }) => new Date(answer.computed_at)).sort((a, b) => a - b);
  const age = (Date.now() - dates[0]) / 60_000;
  return age > 2
    ? [element("p", { class: "quiet" }, `These answers were there already: times are of ${dates[0].toLocaleString()}.`)]
    : [];
}
