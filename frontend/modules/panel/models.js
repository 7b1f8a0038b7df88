// The models themselves, in a dialog: what each is, how good, how fast, from what, and where it fails.

import { $, html, svg } from "../dom.js";
import { listed, milliseconds } from "../words.js";

export function mountModels(store) {
  store.on(["models"], ({ models }) => $("cards").replaceChildren(...models.map(cardOf)));
  store.on(["models", "comparison"], ({ models, comparison }) => showPlot(models, comparison));
}

const { a, article, code, dd, div, dl, dt, h3, h4, li, p, ul } = html;

function cardOf({ title, summary, paper, weights, input, parameters, version, ...card }) {
  const fact = (name, ...value) => div(dt(name), dd(value));
  const authors = paper.authors.length > 2 ? `${paper.authors[0]} et al.` : listed(paper.authors);
  return article(
    { class: "model" },
    h3(title),
    p(summary),
    dl(
      fact("Paper", a({ href: paper.url, rel: "noreferrer" }, `${authors}, ${paper.year}`)),
      fact("Parameters", `${(parameters / 1e6).toFixed(2)} million`),
      fact("Work", `${card.gmacs} GMACs at ${card.gmacs_at.join(" × ")}`),
      fact("Sees", `short side ${input.short_side} px`),
      fact(
        "CamVid test",
        card.camvid_test_miou === null ? "not measured yet" : `mIoU ${card.camvid_test_miou.toFixed(3)}`,
      ),
      fact("Trained on", listed(card.training_data.map(({ name }) => name))),
      fact("Weights", weights.licence),
      fact("Version", code(version)),
    ),
    h4("Known failures"),
    ul(card.known_failures.map((failure) => li(failure))),
  );
}

const [WIDE, HIGH, LEFT, BOTTOM] = [560, 260, 56, 44]; // as the drawing in index.html

/** Accuracy over speed: on CamVid where every card says it, else on the sample shown; nothing when neither is known. */
function showPlot(models, comparison) {
  const published = models.every((model) => model.camvid_test_miou !== null);
  const points = models
    .map((model) => ({
      title: model.title,
      parameters: model.parameters,
      ms: comparison?.models[model.name]?.timings_ms?.network,
      miou: published ? model.camvid_test_miou : comparison?.truth?.models[model.name]?.miou,
    }))
    .filter(({ ms, miou }) => ms && typeof miou === "number");
  $("plot").hidden = points.length === 0;
  if (points.length === 0) return;
  const what = published ? "mIoU on CamVid's test set" : "mIoU on the sample shown";
  const words = points.map(({ title, ms, miou }) => `${title} ${miou.toFixed(2)} in ${milliseconds(ms)}`);
  const [caption, drawing] = $("plot").children;
  caption.textContent = `${what}, over the time of its network for the picture shown`;
  const title = svg.title(`${what} over time: ${listed(words)}.`);
  drawing.replaceChildren(title, ...plot(points));
}

function plot(points) {
  const most = 1.15 * Math.max(...points.map(({ ms }) => ms));
  const x = (ms) => LEFT + (ms / most) * (WIDE - LEFT - 20);
  const y = (miou) => HIGH - BOTTOM - miou * (HIGH - BOTTOM - 16);
  const text = (at, up, anchor, words) => svg.text({ x: at, y: up, "text-anchor": anchor }, words);
  const lines = [0, 0.25, 0.5, 0.75, 1].flatMap((miou) => [
    svg.line({ x1: LEFT, x2: WIDE - 20, y1: y(miou), y2: y(miou) }),
    text(LEFT - 8, y(miou) + 4, "end", miou.toFixed(2)),
  ]);
  const ticks = [0, 0.5, 1].map((share) => text(x(share * most), HIGH - 20, "middle", milliseconds(share * most)));
  const dots = points.flatMap(({ title, ms, miou, parameters }) => {
    const radius = 6 + 4 * Math.sqrt(parameters / 1e6);
    const right = x(ms) < WIDE / 2;
    return [
      svg.circle({ cx: x(ms), cy: y(miou), r: radius }),
      text(x(ms) + (right ? 1 : -1) * (radius + 6), y(miou) + 4, right ? "start" : "end", title),
    ];
  });
  return [...lines, ...ticks, ...dots];
}
