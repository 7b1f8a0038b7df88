// The numbers below the panes: classes with their shares, stages with their times.

import { element, percent, seconds } from "./dom.js";

const STAGES = {
  queue: "Waiting in line",
  fetch: "Fetching the photo",
  decode: "Decoding",
  preprocess: "Resizing",
  network: "Network",
  postprocess: "Labelling pixels",
  encode: "Encoding",
  store: "Storing",
  total: "In the function, all told",
};

/** Fill the legend: a row a class, largest first; on samples with each model's IoU. */
export function showLegend(table, comparison, models, classes) {
  const answers = models.map(({ name }) => comparison.models[name]);
  const largest = ({ name }) => Math.max(...answers.map((answer) => answer?.classes?.[name] ?? 0));
  const rows = [...classes]
    .sort((a, b) => largest(b) - largest(a))
    .map((label) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.background = label.colour;
      const cells = models.map(({ name }) => {
        const share = comparison.models[name]?.classes?.[label.name];
        const iou = comparison.truth?.models[name]?.classes[label.name];
        const right = iou === null || iou === undefined ? null : `IoU ${iou.toFixed(2)}`;
        return element("td", { title: right }, share === undefined || share === null ? "–" : percent(share));
      });
      return element("tr", {}, element("th", { scope: "row" }, swatch, label.title), ...cells);
    });
  if (comparison.truth) {
    const cells = models.map(({ name }) => {
      const miou = comparison.truth.models[name]?.miou;
      return element("td", {}, miou === undefined || miou === null ? "–" : miou.toFixed(3));
    });
    rows.push(element("tr", {}, element("th", { scope: "row" }, "Mean IoU with the ground truth"), ...cells));
  }
  fill(table, models, rows);
}

/** Fill the timings: a row a stage, then memory and cost. */
export function showTimings(table, comparison, models) {
  const row = (title, value) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, title),
      ...models.map(({ name }) => {
        const answer = comparison.models[name];
        return element("td", {}, answer?.status === "ok" ? value(answer) : "–");
      }),
    );
  const stages = Object.entries(STAGES).map(([stage, title]) =>
    row(title, ({ timings_ms }) =>
      timings_ms[stage] === null || timings_ms[stage] === undefined ? "–" : seconds(timings_ms[stage]),
    ),
  );
  fill(table, models, [
    ...stages,
    row("Start", ({ cold_start, init_ms }) => (cold_start ? `cold, ${seconds(init_ms)}` : "warm")),
    row("Most memory", ({ peak_memory_mb }) => `${Math.round(peak_memory_mb)} MB`),
    row("Cost on Lambda", ({ cost_usd }) => `$${cost_usd.toFixed(6)}`),
  ]);
}

function fill(table, models, rows) {
  const heads = models.map(({ title }) => element("th", { scope: "col" }, title));
  const head = element("thead", {}, element("tr", {}, element("td"), ...heads));
  table.replaceChildren(table.caption, head, element("tbody", {}, ...rows));
}
