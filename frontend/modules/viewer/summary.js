// What a canvas shows, in words, for those who cannot see it.

import { className, listed, percent } from "../words.js";

const CLASSES_TOLD = 4;

/** @returns {string} one or two sentences */
export function summaryOf(state, key, model, title) {
  const { comparison, subject, disputed } = state;
  if (!subject) return "No picture yet.";
  if (key === "photo") return `Photo: ${subject.alt}`;
  if (key === "truth") return `Ground truth of ${subject.title}.`;
  if (model) return answerInWords(state, model, title);
  if (key === "disagreement" && disputed)
    return `Disagreement: ${percent(disputed.region)} of the picture in disputed regions, ${percent(disputed.boundary)} in thin bands along outlines and in specks. The regions are listed under Differences.`;
  if (key === "consensus") return `Consensus: what most models say of each pixel.`;
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
  const shown = { confidence: " Its confidence is shown.", errors: " Its errors are shown." }[layer] ?? "";
  return `${title} sees ${listed(most)}.${shown}`;
}
