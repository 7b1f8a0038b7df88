// Which model to trust for this photo, and why: one sentence.
//
// Test scores by class, weighted by what the photo shows, predict best which model will be right. Confidence and
// agreement with the others predict little: they decide only where they differ much, or where there are no scores.

import { className, count, listed, percent } from "../words.js";
import { average } from "./figures.js";

const RIGHT = 0.005; // leads that count: of the pixels, against the truth
const TESTED = 0.02; // of the IoU to be expected
const CONTRADICTED = 0.05; // of the mean of agreement and confidence, against who tested best
const ALONE = 0.1; // the same, where there are no tests
const UNSURE = 0.7; // is said
const ENOUGH = 0.6; // of the picture, to name one class alone

const STRANGE = "Trust no model on this photo: it does not look like a street, and they know nothing else.";

/** The winner's figures, or null where nothing stands out. */
export function trusted(figures) {
  const { truth, street } = figures;
  const models = judgedOf(figures);
  if (models.length < 2 || !street) return null;
  if (truth) return ahead(models, ({ right }) => right, RIGHT);
  if (models.some(({ tested }) => tested === null)) return ahead(models, heard, ALONE);
  const best = ahead(models, ({ tested }) => tested, TESTED);
  return best && heard(sorted(models, heard)[0]) - heard(best) < CONTRADICTED ? best : null;
}

/** All but outliers, which would hide what the others say. */
const judgedOf = ({ models, outliers }) => models.filter(({ title }) => !outliers.includes(title));

export const agreement = ({ same }) => average(Object.values(same));
const heard = (model) => (model.sure + agreement(model)) / 2;
const sorted = (models, figure) => models.toSorted((a, b) => figure(b) - figure(a));

function ahead(models, figure, lead) {
  const [first, second] = sorted(models, figure);
  return figure(first) - figure(second) >= lead ? first : null;
}

export function sentenceOf(/** @type {Figures} */ figures) {
  const { truth, street } = figures;
  const models = judgedOf(figures);
  const best = trusted(figures);
  if (!street) return STRANGE;
  if (models.length === 1) return alone(models[0]);
  if (truth) return best ? mostRight(best, models) : equallyRight(models);
  const judged = { ...figures, models };
  const words = best
    ? `Trust ${best.title} most on this photo: ${reasons(best, judged)}.${caution(best)}`
    : open(judged);
  return words + leftOut(figures);
}

function leftOut({ models, outliers }) {
  if (outliers.length === 0) return "";
  const found = models.filter(({ title }) => outliers.includes(title));
  const apart = percent(1 - Math.max(...found.flatMap(({ same }) => Object.values(same))), 0);
  return found.length === 1
    ? ` ${outliers[0]} is left out: it differs from all others on ${apart} of the pixels.`
    : ` ${names(found)} are left out: they differ from all others on ${apart} of the pixels or more.`;
}

function alone({ title, sure, right }) {
  if (right !== null)
    return `${title} is right on ${percent(right)} of the pixels; there is no other answer to compare it with.`;
  return `${title} is ${percent(sure, 0)} sure on average; there is no other answer to check it against.`;
}

function mostRight(best, models) {
  const [, second] = sorted(models, ({ right }) => right);
  return `Trust ${best.title} most on this photo: it is right on ${percent(best.right)} of the pixels, ${second.title} on ${percent(second.right)}.`;
}

function equallyRight(models) {
  const [first, ...others] = sorted(models, ({ right }) => right);
  const level = [first, ...others.filter(({ right }) => first.right - right < RIGHT)];
  const both = level.length === 2 ? "are both" : "are all";
  return `No clear winner: ${names(level)} ${both} right on ${percent(first.right, 0)} of the pixels.`;
}

const names = (models) => listed(models.map(({ title }) => title));

/** Only what truly sets it apart. */
function reasons(best, { models, mean, classes }) {
  const leads = (figure) => models.every((model) => model === best || figure(model) < figure(best));
  const found = [
    best.tested !== null && `it did best in tests on ${most(mean, classes)}`,
    models.length > 2 && leads(agreement) && `the others agree with it most (${percent(agreement(best), 0)})`,
    leads(({ sure }) => sure) && `it is the surest (${percent(best.sure, 0)})`,
  ].filter(Boolean);
  if (found.length === 0) return "taking agreement and confidence together, it is far ahead";
  return found.length > 1 ? `${found.slice(0, -1).join(", ")}, and ${found.at(-1)}` : found[0];
}

/** What fills the picture. */
function most(mean, classes) {
  const [[first, one], [second, other]] = Object.entries(mean).sort((a, b) => b[1] - a[1]);
  const [names, share] = one >= ENOUGH ? [[first], one] : [[first, second], one + other];
  const words = listed(names.map((name) => className(classes, name)));
  return share > 0.5 ? `${words} (most of this picture)` : words;
}

const caution = ({ sure }) =>
  sure < UNSURE ? ` But it is only ${percent(sure, 0)} sure: check where it matters to you.` : "";

function open({ models, all, outliers }) {
  const sure = sorted(models, (model) => model.sure);
  const [most, least] = [sure[0], sure.at(-1)].map((model) => percent(model.sure, 0));
  const how = most === least ? `each ${most} sure` : `${least} to ${most} sure`;
  const who = models.length === 2 ? "both" : `all ${count(models.length)}`;
  const tested = models.every((model) => model.tested !== null) && ahead(models, (model) => model.tested, TESTED);
  if (tested) {
    const other = sorted(models, heard)[0];
    const leads = [
      other.sure > tested.sure && "surer",
      agreement(other) > agreement(tested) && "closer to what the others say",
    ].filter(Boolean);
    return `No clear winner: ${tested.title} did best in tests on such a picture, but here ${other.title} is ${leads.join(" and ")}.`;
  }
  if (outliers.length === 0)
    return `No clear winner: ${who} say the same on ${percent(all, 0)} of the pixels, and are ${how}.`;
  // On how much all but those agree, nobody has counted.
  const together = Math.min(...models.flatMap(({ same }) => Object.values(same)));
  return `No clear winner: any two of ${count(models.length)} say the same on ${percent(together, 0)} of the pixels or more, and are ${how}.`;
}
