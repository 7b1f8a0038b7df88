// The verdict: one sentence, which model to trust for this photo and why; three lines, which is fastest, which cheapest,
// and how they differ.

import { listed } from "../words.js";
import { differencesOf } from "./differ.js";
import { figuresOf } from "./figures.js";
import { cheapestOf, fastestOf } from "./prices.js";
import { sentenceOf, trusted } from "./trust.js";

/** Null while no model has answered. @returns {Verdict | null} */
export function verdictOf(/** @type {State} */ state) {
  const figures = figuresOf(state);
  return figures && judged(figures);
}

/** `note` says whom it leaves out. @returns {Verdict} */
export function judged(/** @type {Figures} */ figures) {
  const { models } = figures;
  const best = trusted(figures);
  const lines = [
    { title: "Fastest", words: fastestOf(models, best) },
    { title: "Cheapest", words: cheapestOf(models, best) },
    { title: "Differences", words: differencesOf(figures) },
  ];
  return { sentence: sentenceOf(figures), lines: lines.filter(({ words }) => words), note: leftOut(figures) };
}

function leftOut({ failed, running }) {
  const notes = [
    failed.length > 0 && `${listed(failed)} failed and ${failed.length > 1 ? "are" : "is"} left out.`,
    running.length > 0 && `${listed(running)} ${running.length > 1 ? "have" : "has"} not answered yet.`,
  ];
  return notes.filter(Boolean).join(" ") || null;
}
