// The models' dialog: which run, what each is, what was measured of it, where it fails; a plot of accuracy over time.

import { $, fill, html, svg } from "../dom.js";
import { overlap } from "../viewer/view.js";
import { fraction, listed, milliseconds, percent } from "../words.js";

const { a, article, code, dd, details, div, dl, dt, h3, h4, input, label, li, p, summary, ul } = html;

const DATA = {
  camvid: "CamVid",
  iddlite: "IDD-Lite, a country not trained on",
  labelmefacade: "LabelMeFacade",
  samples: "The ten rendered samples",
};
/** In the order in which they are told. */
const METRICS = {
  mIoU: "Mean IoU",
  "pixel accuracy": "Right pixels",
  ECE: "Calibration error",
  "ECE before calibration": "… before calibration",
  "network milliseconds": "Network alone",
};

export function fillModels(/** @type {Store} */ store, comparisons) {
  const { known, comparison } = store.state;
  const roles = rolesOf(known);
  fill(
    "cards",
    known.map((model) => cardOf(model, roles[model.name])),
  );
  plot(known, comparison);
  fillSwitch(store, comparisons);
}

/** Which models run: at least one does. */
function fillSwitch(store, comparisons) {
  const { known } = store.state;
  const boxes = known.map(() => input({ type: "checkbox" }));
  fill(
    "running",
    known.map(({ title }, at) => label(boxes[at], title)),
  );
  const show = () => {
    const { models } = store.state;
    for (const [at, box] of boxes.entries()) {
      box.checked = models.includes(known[at]);
      box.disabled = box.checked && models.length === 1;
    }
  };
  $("running").onchange = () => {
    comparisons.choose(known.filter((_, at) => boxes[at].checked));
    show();
  };
  show();
}

const fact = (name, ...value) => div(dt(name), dd(value));

/** What one would choose it for: the fastest, the most accurate, and what lies between, where cards have figures of both. */
function rolesOf(models) {
  const value = (name, data, metric) =>
    models.find((model) => model.name === name).figures?.find((one) => one.data === data && one.metric === metric)
      ?.value;
  const known = models.map(({ name }) => ({
    name,
    ms: value(name, "2-megapixel photo", "network milliseconds"),
    iou: value(name, "samples", "mIoU"),
  }));
  const all = known.filter(({ ms, iou }) => Number.isFinite(ms) && Number.isFinite(iou));
  if (all.length < 2) return {};
  const fastest = all.reduce((best, one) => (one.ms < best.ms ? one : best));
  const best = all.reduce((first, one) => (one.iou > first.iou ? one : first));
  const role = (one) => [one === fastest && "fastest", one === best && "most accurate"].filter(Boolean).join(" and ");
  return Object.fromEntries(all.map((one) => [one.name, role(one) ? `The ${role(one)}` : "In between"]));
}

/** One of a model that somebody brought (`graph`) has no paper, and nothing that was measured elsewhere.
 * @param {any} card */
function cardOf({ title, paper, weights, input, version, graph, ...card }, role) {
  return article(
    { class: "model" },
    h3(title),
    role && p({ class: "role" }, role),
    p(card.summary),
    dl(
      paper && fact("Paper", citation(paper)),
      graph && fact("Classes", listed(card.classes.slice(0, 8)), card.classes.length > 8 && " …"),
      fact("Parameters", `${(card.parameters / 1e6).toFixed(2)} million`),
      fact("Work", `${card.gmacs} GMACs at ${card.gmacs_at.join("\u00a0×\u00a0")}`),
      fact("Sees", input.size ? `${input.size.join("\u00a0×\u00a0")} px` : `short side ${input.short_side} px`),
      graph && fact("Network alone", milliseconds(card.network_ms), ", when it was added"),
    ),
    !graph && measured(card),
    h4("Origin"),
    dl(
      card.training_data && fact("Trained on", listed(card.training_data.map(({ name }) => name))),
      fact("Weights", weights?.licence ?? (card.licence || "licence not told")),
      fact("Version", code(version)),
    ),
    card.known_failures && [h4("Known failures"), ul(card.known_failures.map((failure) => li(failure)))],
  );
}

function citation({ authors, year, url }) {
  const names = authors.length > 2 ? `${authors[0]} et al.` : listed(authors);
  return a({ href: url, rel: "noreferrer" }, `${names}, ${year}`);
}

/** The test that everybody reports comes first. */
/** @param {any} card */
function measured({ figures, camvid_test_miou: value }) {
  const test = typeof value === "number" ? [{ metric: "mIoU", value, data: "camvid", split: "test" }] : [];
  const order = Object.keys(METRICS);
  const place = ({ metric }) => (metric in METRICS ? order.indexOf(metric) : order.length);
  const sorted = [...test, ...figures].sort((one, other) => place(one) - place(other));
  const groups = Object.groupBy(sorted, ({ data, split }) => `${DATA[data] ?? data} (${split})`);
  return Object.entries(groups).map(([of, some]) => {
    const { whole, each } = Object.groupBy(some, ({ metric }) => (metric in METRICS ? "whole" : "each"));
    return [h4(of), facts(whole), each && details(summary("IoU by class"), facts(each))];
  });
}

const facts = (some) =>
  dl(
    { class: "figures" },
    some.map((one) => fact(METRICS[one.metric] ?? one.metric.replace(/IoU |_/g, " "), inWords(one))),
  );

function inWords({ metric, value }) {
  if (metric.endsWith("milliseconds")) return milliseconds(value);
  return metric === "pixel accuracy" ? percent(value) : fraction(value, 3);
}

/** By the cards' figures; of the picture shown where a card lacks one. */
function plot(models, comparison) {
  const figure = (metric, data) => (model) =>
    model.figures?.find((each) => each.metric === metric && each.data === data)?.value;
  /** That which most models have, the first of equals: a card may lack one. */
  const first = (...ways) =>
    ways
      .map(([words, of]) => ({ words, values: models.map(of) }))
      .map((way) => ({ ...way, count: way.values.filter(Number.isFinite).length }))
      .reduce((best, way) => (way.count > best.count ? way : best));
  const accuracy = first(
    ["mIoU on CamVid's test set", (model) => model.camvid_test_miou],
    ["mIoU on the ten rendered samples (others were trained on)", figure("mIoU", "samples")],
    ["mIoU on the sample shown", ({ name }) => comparison?.truth?.models[name]?.miou],
  );
  const time = first(
    ["on a 2-megapixel photo with two threads", figure("network milliseconds", "2-megapixel photo")],
    ["on the picture shown", ({ name }) => comparison?.models[name]?.timings_ms?.network],
  );
  const all = models.map(({ title, parameters }, at) => {
    return { title, parameters, share: accuracy.values[at], ms: time.values[at] };
  });
  const [points, missing] = [true, false].map((whether) =>
    all.filter(({ share, ms }) => (Number.isFinite(share) && Number.isFinite(ms)) === whether),
  );
  $("plot").hidden = points.length === 0;
  if (points.length === 0) return;
  points.sort((one, other) => other.share - one.share);
  const words = points.map(({ title, share, ms }) => `${title} ${percent(share)} in ${milliseconds(ms)}`);
  const [caption, drawing] = $("plot").children;
  caption.textContent = `${accuracy.words}, against the time of the network alone ${time.words}. A circle's area is the number of parameters.`;
  if (missing.length > 0)
    caption.textContent += ` Without figures of both: ${listed(missing.map(({ title }) => title))}.`;
  const wide = drawing.clientWidth; // so that its words are as large as others
  drawing.setAttribute("viewBox", `0 0 ${wide} 252`);
  drawing.replaceChildren(svg.title(`${accuracy.words} over time: ${listed(words)}.`), ...drawn(points, wide));
}

const [TOP, BOTTOM, LEFT, RIGHT] = [14, 220, 52, 24];
const NAME = { width: 126, height: 18 }; // about

function drawn(points, wide) {
  // Not all of 0 to 1, where they look alike, nor just their span, where a little looks like much.
  const [least, best] = [points.at(-1).share - 0.1, points[0].share + 0.1].map((share) =>
    Math.min(1, Math.max(0, Math.round(10 * share) / 10)),
  );
  const most = 1.15 * Math.max(...points.map(({ ms }) => ms));
  const x = (ms) => LEFT + (ms / most) * (wide - LEFT - RIGHT);
  const y = (share) => BOTTOM - ((share - least) / (best - least)) * (BOTTOM - TOP);
  const text = (at, up, anchor, ...words) => svg.text({ x: at, y: up, "text-anchor": anchor }, words);
  const marks = (from, to, step) =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  const step = [5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((each) => most / each < wide / 100) ?? 5000;
  const rows = marks(least, best, 0.1).flatMap((share) => [
    svg.line({ x1: LEFT, x2: wide - RIGHT, y1: y(share), y2: y(share) }),
    text(LEFT - 8, y(share) + 4, "end", percent(share, 0)),
  ]);
  const columns = marks(0, Math.floor(most / step) * step, step).map((ms) =>
    text(x(ms), BOTTOM + 22, "middle", milliseconds(ms)),
  );
  const circles = points.map(({ title, share, ms, parameters }) => {
    const width = 14 * Math.sqrt(parameters / 1e6);
    return { title, share, x: x(ms), y: y(share), width, height: width };
  });
  const taken = [...circles];
  const dots = circles.flatMap(({ title, share, x: cx, y: cy, width }) => {
    const inside = Math.max(LEFT + NAME.width / 2, Math.min(wide - NAME.width / 2, cx));
    // Above its circle, or below where something is above.
    const [above, below] = [-1, 1].map((way) => ({ ...NAME, x: inside, y: cy + way * (width / 2 + 12) }));
    const name = taken.some((other) => overlap(above, other)) ? below : above;
    taken.push(name);
    return [
      svg.circle({ cx, cy, r: width / 2 }),
      text(name.x, name.y + 4, "middle", svg.tspan({ class: "name" }, title), ` ${percent(share)}`),
    ];
  });
  return [...rows, ...columns, ...dots];
}
