// The models themselves, for their dialog: what each is, what was measured of it, from what it learnt, where it fails.

import { $, html, svg } from "../dom.js";
import { listed, milliseconds, percent } from "../words.js";

const { a, article, code, dd, details, div, dl, dt, h3, h4, li, p, summary, ul } = html;

/** What the data of a card's figures are called. */
const DATA = {
  camvid: "CamVid",
  iddlite: "IDD-Lite, a country not trained on",
  labelmefacade: "LabelMeFacade",
};
const METRICS = {
  "pixel accuracy": "Right pixels",
  ECE: "Calibration error",
  "ECE before calibration": "… before calibration",
  "network milliseconds": "Network alone",
};
const BY_CLASS = /^IoU (.+)/;

export function fillModels({ models, comparison }) {
  $("cards").replaceChildren(...models.map(cardOf));
  plot(models, comparison);
}

const fact = (name, ...value) => div(dt(name), dd(value));

function cardOf({ title, paper, weights, input, version, ...card }) {
  const authors = paper.authors.length > 2 ? `${paper.authors[0]} et al.` : listed(paper.authors);
  return article(
    { class: "model" },
    h3(title),
    p(card.summary),
    dl(
      fact("Paper", a({ href: paper.url, rel: "noreferrer" }, `${authors}, ${paper.year}`)),
      fact("Parameters", `${(card.parameters / 1e6).toFixed(2)} million`),
      fact("Work", `${card.gmacs} GMACs at ${card.gmacs_at.join(" × ")}`),
      fact("Sees", `short side ${input.short_side} px`),
    ),
    measured(card),
    h4("Origin"),
    dl(
      fact("Trained on", listed(card.training_data.map(({ name }) => name))),
      fact("Weights", weights.licence),
      fact("Version", code(version)),
    ),
    h4("Known failures"),
    ul(card.known_failures.map((failure) => li(failure))),
  );
}

/** Figures, apart by the data that they are of. */
function measured({ figures, camvid_test_miou: miou }) {
  const test = { metric: "mIoU", value: miou, data: "camvid", split: "test" };
  const all = [
    ...figures.filter(({ metric, data, split }) => [metric, data, split].join() !== "mIoU,camvid,test"),
    test,
  ];
  const groups = Object.groupBy(all, ({ data, split }) => `${DATA[data] ?? data} (${split})`);
  return Object.entries(groups).flatMap(([of, some]) => {
    const classes = some.filter(({ metric }) => BY_CLASS.test(metric));
    const facts = (each, named) =>
      dl(
        { class: "figures" },
        each.map((figure) => fact(named(figure), inWords(figure))),
      );
    return [
      h4(of),
      facts(
        some.filter((figure) => !classes.includes(figure)),
        ({ metric }) => METRICS[metric] ?? metric,
      ),
      classes.length > 0 &&
        details(
          summary("IoU by class"),
          facts(classes, ({ metric }) => metric.match(BY_CLASS)[1].replaceAll("_", " ")),
        ),
    ];
  });
}

function inWords({ metric, value }) {
  if (value === null) return "not measured yet";
  if (metric.endsWith("milliseconds")) return milliseconds(value);
  return metric === "pixel accuracy" ? percent(value) : value.toFixed(3);
}

/** The first of these that every model has: what it is called, and the value of each. */
const first = (models, ways) =>
  ways
    .map(([words, of]) => ({ words, values: models.map(of) }))
    .find(({ values }) => values.every((value) => typeof value === "number"));

const figure = (metric, data) => (model) =>
  model.figures.find((each) => each.metric === metric && each.data === data)?.value;

/** Accuracy over time, by the cards' figures; of the picture shown where a card lacks one. */
function plot(models, comparison) {
  const accuracy = first(models, [
    ["mIoU on CamVid's test set", (model) => model.camvid_test_miou],
    ["Right pixels on IDD-Lite, from a country that none was trained on", figure("pixel accuracy", "iddlite")],
    ["mIoU on the sample shown", ({ name }) => comparison?.truth?.models[name]?.miou],
  ]);
  const time = first(models, [
    ["on a 2-megapixel photo with two threads", figure("network milliseconds", "2-megapixel photo")],
    ["on the picture shown", ({ name }) => comparison?.models[name]?.timings_ms?.network],
  ]);
  $("plot").hidden = !accuracy || !time || models.length === 0;
  if ($("plot").hidden) return;
  const points = models.map(({ title, parameters }, at) => ({
    title,
    parameters,
    share: accuracy.values[at],
    ms: time.values[at],
  }));
  const words = points.map(({ title, share, ms }) => `${title} ${percent(share)} in ${milliseconds(ms)}`);
  const [caption, drawing] = $("plot").children;
  caption.textContent = `${accuracy.words}, against the time of the network alone ${time.words}. A circle's area is the number of parameters.`;
  const wide = drawing.clientWidth; // so that its words are as large as others
  drawing.setAttribute("viewBox", `0 0 ${wide} 252`);
  drawing.replaceChildren(svg.title(`${accuracy.words} over time: ${listed(words)}.`), ...drawn(points, wide));
}

const [TOP, BOTTOM, LEFT, RIGHT] = [14, 220, 52, 24];
const NAME = 130; // how wide one is, about

function drawn(points, wide) {
  // Neither from 0, where all look alike, nor from just below the lowest, where a little looks like much.
  const least = Math.max(0, Math.floor(10 * Math.min(...points.map(({ share }) => share)) - 1) / 10);
  const most = 1.15 * Math.max(...points.map(({ ms }) => ms));
  const x = (ms) => LEFT + (ms / most) * (wide - LEFT - RIGHT);
  const y = (share) => BOTTOM - ((share - least) / (1 - least)) * (BOTTOM - TOP);
  const text = (at, up, anchor, ...words) => svg.text({ x: at, y: up, "text-anchor": anchor }, words);
  const range = (from, to, step) =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  const step = [5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((each) => most / each < wide / 100) ?? 5000;
  const rows = range(least, 1, 0.1).flatMap((share) => [
    svg.line({ x1: LEFT, x2: wide - RIGHT, y1: y(share), y2: y(share) }),
    text(LEFT - 8, y(share) + 4, "end", percent(share, 0)),
  ]);
  const columns = range(0, Math.floor(most / step) * step, step).map((ms) =>
    text(x(ms), BOTTOM + 22, "middle", milliseconds(ms)),
  );
  const dots = points.flatMap(({ title, share, ms, parameters }) => {
    const radius = 7 * Math.sqrt(parameters / 1e6);
    const rival = points.some((other) => other.share > share && Math.abs(x(other.ms) - x(ms)) < NAME);
    const up = y(share) + (rival ? radius + 16 : -radius - 7);
    const at = Math.max(LEFT + NAME / 2, Math.min(wide - NAME / 2, x(ms)));
    return [
      svg.circle({ cx: x(ms), cy: y(share), r: radius }),
      text(at, up, "middle", svg.tspan({ class: "name" }, title), ` ${percent(share)}`),
    ];
  });
  return [...rows, ...columns, ...dots];
}
