// Accuracy over time, a circle for each model.

import { $, svg } from "../dom.js";
import { overlap } from "../viewer/view.js";
import { listed, milliseconds, percent } from "../words.js";

/** Plots the cards' figures; where a card lacks one, that of the picture shown. */
export function plot(models, comparison) {
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
