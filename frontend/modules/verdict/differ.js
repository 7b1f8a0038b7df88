// How models differ, in words: against the truth where it is known, else against each other.

import { className, fraction, listed, percent } from "../words.js";
import { average } from "./figures.js";
import { timesOf } from "./prices.js";
import { agreement, trusted } from "./trust.js";

const THERE = 0.003; // share of the picture from which a class counts
const NONE = 0.02; // of what the others see
const FEW = 0.6;
const MANY = 1.7;
const MISSED = 0.05; // IoU
const WORSE = 0.15; // IoU below the best
const MOST_CLASSES = [2, 1]; // of the first model told, and of the second; further ones are not
/** @type {[number, string][]} */
const FRACTIONS = [
  [0.1, "a tenth"],
  [0.2, "a fifth"],
  [0.25, "a quarter"],
  [1 / 3, "a third"],
  [0.5, "half"],
];

/** Each model against the winner, the fastest first; without a winner, the model that stands apart. */
export function differencesOf(/** @type {Figures} */ figures) {
  const { models, all } = figures;
  if (models.length === 1) return null;
  const best = trusted(figures);
  if (best) {
    const others = models.filter((model) => model !== best).sort((a, b) => a.ms - b.ms);
    return MOST_CLASSES.slice(0, others.length)
      .map((most, at) => `${others[at].title}: ${clausesOf(others[at], best, figures, most).join(", ")}.`)
      .join("\n");
  }
  const [apart] = models.toSorted(
    (a, b) => agreement(a) - agreement(b) || notes(b, figures).length - notes(a, figures).length,
  );
  const found = notes(apart, figures).slice(0, MOST_CLASSES[0]);
  const same = `${models.length === 2 ? "Both" : "All"} say the same on ${percent(all, 0)} of the pixels`;
  return found.length
    ? `${same}. ${apart.title} differs: ${listed(found)}.`
    : `${same}, and see much the same classes.`;
}

function clausesOf(model, best, figures, most) {
  const { right, same } = model;
  const whole = figures.truth
    ? `right on ${percent(right)} of the pixels`
    : `the same as ${best.title} on ${percent(same[best.title], 0)} of the pixels`;
  return [whole, ...notes(model, figures).slice(0, most)];
}

/** The most telling first. */
function notes(model, { models, classes, truth, outliers }) {
  const others = models.filter((each) => each !== model && !outliers.includes(each.title));
  const note = truth ? againstTruth : againstOthers;
  return classes
    .map(({ name }) => note(model, others, name, className(classes, name), truth))
    .filter(Boolean)
    .sort((a, b) => b.weight - a.weight)
    .map(({ words }) => words);
}

const absent = (weight) => 1 + weight; // tells more than any ratio

function againstOthers({ shares }, others, name, word) {
  const own = shares[name];
  const theirs = others.map((other) => other.shares[name]);
  const [mean, least, most] = [average(theirs), Math.min(...theirs), Math.max(...theirs)];
  const who = others.length > 1 ? "the others" : "the other";
  const weight = Math.abs(own - mean);
  if (own >= THERE && most < NONE * own)
    return { weight: absent(weight), words: `${word} where ${who} see${plural(others)} none` };
  // Where the others differ among themselves, there is nothing to hold a model against.
  if (mean < THERE || least < mean / 2) return null;
  if (own < NONE * mean) return { weight: absent(weight), words: `no ${word}` };
  const ratio = own / mean;
  const pixels = `${word} pixels`;
  if (ratio <= FEW) return { weight, words: `${fractionOf(ratio)} of the ${pixels} that ${who} see${plural(others)}` };
  if (ratio >= MANY) return { weight, words: `${timesOf(ratio)} as many ${pixels} as ${who}` };
  return null;
}

const plural = (others) => (others.length > 1 ? "" : "s");

function againstTruth({ iou, shares }, others, name, word, shows) {
  const [own, shown] = [iou[name], shows[name] ?? 0];
  if (shown < THERE) {
    const invented = shown === 0 && shares[name] >= THERE;
    return invented ? { weight: absent(shares[name]), words: `${word} where there is none` } : null;
  }
  const best = others.toSorted((a, b) => (b.iou[name] ?? 0) - (a.iou[name] ?? 0))[0];
  const ahead = (best.iou[name] ?? 0) - own;
  if (own < MISSED) return { weight: absent(shown), words: `misses the ${word}` };
  if (ahead < WORSE) return null;
  const ious = [own, best.iou[name]].map((iou) => fraction(iou));
  return { weight: ahead * shown, words: `weaker on ${word} (IoU ${ious[0]}, ${best.title} ${ious[1]})` };
}

function fractionOf(ratio) {
  if (ratio < 0.07) return "hardly any";
  const off = (/** @type {[number, string]} */ [value]) => Math.abs(Math.log(value / ratio));
  return FRACTIONS.toSorted((a, b) => off(a) - off(b))[0][1];
}
