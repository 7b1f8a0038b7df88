// How long each model took, stage by stage, and what that costs.

import { fill, headings, html, ornament, row, swatch } from "../dom.js";
import { dollars, milliseconds } from "../words.js";

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
const FIGURES = [
  ["Most memory", (answer) => `${Math.round(answer.peak_memory_mb)} MB`],
  ["Billed (estimate)", (answer) => milliseconds(answer.billed_ms)],
  ["Cost of 1,000", (answer) => `$${Number((1000 * answer.cost_usd).toPrecision(2))}`],
];
const { a, caption, h3, li, p, span, strong, table, tbody, thead, tr, ul } = html;

export function mountTime(/** @type {Store} */ store) {
  store.whileShown("time", ["comparison", "uploadMs"], (state) => fill("times", contents(state)));
  store.whileShown("time", ["places"], async () => (await import("../here/times-by-place.js")).showPlaces(store.state));
}

function contents({ models, comparison, uploadMs }) {
  const answers = models
    .map(({ name, title }) => ({ title, ...comparison?.models[name] }))
    .filter(({ status }) => status === "ok")
    .map((answer) => ({ ...answer, times: timesOf(answer, uploadMs) }));
  if (answers.length === 0)
    return p({ class: "quiet" }, "Times and costs appear here as soon as a model has answered.");
  const longest = Math.max(...answers.map(({ times }) => sum(times)));
  return [
    h3("From your device to the answer"),
    ul(
      { class: "bars" },
      answers.map((answer) => stacked(answer, longest)),
    ),
    html.div({ class: "wide", tabindex: 0, role: "region", "aria-label": "Time by stage" }, details(answers)),
    comparison.price && costs(answers, comparison.price),
    note(answers),
  ];
}

function timesOf({ timings_ms: timings, cold_start: cold, init_ms: init }, upload) {
  const times = { upload, start: cold ? init : null, ...timings };
  return Object.fromEntries(STAGES.map(([stage]) => [stage, times[stage]]).filter(([, ms]) => ms > 0));
}

const sum = (times) => Object.values(times).reduce((total, ms) => total + ms, 0);

function stacked({ title, cold_start: cold, times }, longest) {
  const parts = Object.entries(times).map(([stage, ms]) =>
    span({ class: `stage-${stage}`, style: { width: `${(100 * ms) / longest}%` } }),
  );
  const start = span({ class: `start ${cold ? "cold" : ""}` }, cold ? "cold start" : "warm");
  return li(p(strong(title), start, span({ class: "number" }, milliseconds(sum(times)))), ornament("stack", parts));
}

function details(answers) {
  const stages = STAGES.filter(([stage]) => answers.some(({ times }) => times[stage])).map(([stage, title]) => [
    [swatch(`stage-${stage}`), title],
    ({ times }) => (times[stage] ? milliseconds(times[stage]) : "–"),
  ]);
  return table(
    { class: "stages" },
    caption({ class: "visually-hidden" }, "Time by stage"),
    thead(tr(headings(["Stage", ...answers.map(({ title }) => title)]))),
    tbody(
      [...stages, ...(answers[0].cost_usd === undefined ? [] : FIGURES)].map(([head, figure]) =>
        row(head, answers.map(figure)),
      ),
    ),
  );
}

function costs(answers, price) {
  const total = answers.reduce((all, answer) => all + answer.cost_usd, 0);
  const memory = [...new Set(answers.map((answer) => answer.memory_mb))].join(" or ");
  return [
    h3("Cost"),
    p(
      "This comparison costs about ",
      strong(dollars(total)),
      ` on AWS Lambda: ${Math.round(1 / total).toLocaleString("en")} of them for one dollar.`,
    ),
    p(
      { class: "quiet" },
      `At ${memory} MB, $${price.usd_per_gb_second} a GB-second and $${(1e6 * price.usd_per_request).toFixed(2)} a million requests (`,
      a({ href: price.source, rel: "noreferrer" }, "AWS Lambda pricing"),
      "); storage, transfer and the orchestrator not included.",
    ),
  ];
}

/** Says so where an answer was there already: its times are those of when it was made. */
function note(answers) {
  const first = Math.min(...answers.map((answer) => Date.parse(answer.computed_at)));
  const age = (Date.now() - first) / 60_000;
  const words = `These answers were computed earlier, and so were their times: ${new Date(first).toLocaleString()}.`;
  return age > 2 && p({ class: "quiet" }, words);
}
