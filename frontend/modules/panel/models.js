// The models' dialog: which run, what each is, what was measured of it, where it fails.

import { $, fill, html } from "../dom.js";
import { fraction, listed, milliseconds, percent } from "../words.js";
import { plot } from "./plot.js";

const { a, article, code, dd, details, div, dl, dt, h3, h4, input, label, li, p, summary, ul } = html;

const DATA = {
  camvid: "CamVid",
  iddlite: "IDD-Lite, a country not trained on",
  labelmefacade: "LabelMeFacade",
  samples: "The ten rendered samples",
  "streets and other pictures": "Streets told from other pictures",
};
/** The figures of a card, in the order in which they are shown. */
const METRICS = {
  mIoU: "Mean IoU",
  "pixel accuracy": "Right pixels",
  ECE: "Calibration error",
  "ECE before calibration": "… before calibration",
  "network milliseconds": "Network alone",
  "mIoU under stress": "Mean IoU, made worse in eight ways",
  "kept under stress": "Of that of the photos as they are",
  "AUROC, street or not": "Area under the ROC curve",
  "streets refused": "Streets refused",
  "others refused": "Other pictures refused",
};
const SHARES = ["pixel accuracy", "kept under stress", "streets refused", "others refused"];

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

/** Boxes that choose which models run: at least one does. */
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

/** A reason to choose it, where cards have both figures: the fastest, most accurate, or in between. */
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
  const between = ({ ms }) => ms < best.ms && "In between";
  return Object.fromEntries(all.map((one) => [one.name, role(one) ? `The ${role(one)}` : between(one)]));
}

/**
 * That of a user's own model (`graph`) has no paper, and nothing that was measured elsewhere.
 * @param {any} card
 */
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

/** The test that everybody reports comes first. @param {any} card */
function measured({ figures, camvid_test_miou: value }) {
  const test = typeof value === "number" ? [{ metric: "mIoU", value, data: "camvid", split: "test" }] : [];
  const order = Object.keys(METRICS);
  const place = ({ metric }) => (metric in METRICS ? order.indexOf(metric) : order.length);
  const sorted = [...test, ...figures].sort((one, other) => place(one) - place(other));
  const groups = Object.groupBy(sorted, ({ data, split }) => `${DATA[data] ?? data} (${split})`);
  return Object.entries(groups).map(([of, some]) => {
    const { whole, each } = Object.groupBy(some, ({ metric }) => (metric in METRICS ? "whole" : "each"));
    return [h4(of), whole && facts(whole), each && details(summary("IoU by class"), facts(each))];
  });
}

const facts = (some) =>
  dl(
    { class: "figures" },
    some.map((one) => fact(METRICS[one.metric] ?? one.metric.replace(/IoU |_/g, " "), inWords(one))),
  );

function inWords({ metric, value }) {
  if (metric.endsWith("milliseconds")) return milliseconds(value);
  return SHARES.includes(metric) ? percent(value) : fraction(value, 3);
}
