// What the panes show, in words: under the crosshair, and each canvas for those who cannot see it.

import { $, fill, html, swatch } from "../dom.js";
import { NOTHING, pixelAt } from "../pixels/maps.js";
import { coloursOf } from "../pixels/paint.js";
import { className, listed, percent } from "../words.js";

const HINT = "Point at the picture to read what each model says; click or tap to keep the place.";
const CLASSES_TOLD = 4;
const { span } = html;

export function mountReadout(store, pixels) {
  store.on(["cursor", "pinned", "ready", "palette"], (state) => {
    // Who points with a mouse does not want every pixel read out; who pins or uses keys does.
    $("readout").setAttribute("aria-live", state.pinned ? "polite" : "off");
    fill("readout", state.cursor && state.subject ? readings(state, pixels) : HINT);
  });
}

function readings({ cursor, subject, models, classes, palette }, { maps }) {
  const pixel = pixelAt(cursor.x, cursor.y, subject.width, subject.height);
  const colours = coloursOf(classes, palette);
  const there = [...models, { name: "truth", title: "Truth" }].filter(({ name }) => maps.has(name));
  if (there.length === 0) return "No model has answered yet.";
  return there.map(({ name, title }, at) => {
    const { ids, confidence } = maps.get(name);
    const id = ids[pixel];
    const word = id === NOTHING ? "nothing" : classes[id].title.toLowerCase();
    const sure = confidence ? ` ${(confidence[pixel] / 255).toFixed(2)}` : "";
    const colour = swatch("", { background: colours[id] ?? "transparent" });
    const reading = span({ class: "reading" }, colour, `${title}: ${word}${sure}`);
    return [at > 0 && span({ class: "between" }, " · "), reading];
  });
}

export function summaryOf(state, key, model, title) {
  const { comparison, subject, disputed } = state;
  if (!subject) return "No picture yet.";
  if (key === "photo") return `Photo: ${subject.alt ?? subject.title}`;
  if (key === "truth") return `Ground truth of ${subject.title}.`;
  if (model) return answerInWords(state, model, title);
  if (key === "disagreement" && disputed)
    return `Disagreement: ${percent(disputed.region)} of the picture in disputed regions, ${percent(disputed.boundary)} in thin bands along outlines and in specks. The regions are listed under Differences.`;
  if (key === "consensus") return "Consensus: what most models say of each pixel.";
  return comparison ? `${title}.` : `${title}: waiting for the models.`;
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
