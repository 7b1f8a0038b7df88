// What is known of each model that has answered, as plain figures: all that a verdict is made of.

import { isOfStreet } from "../state.js";

/** Scores by class are taken from the first of these that every model was measured on. */
const TESTS = ["camvid", "samples"];

const MAJORITY = 3; // models at least that agree with one another, against whom others are outliers
const APART = 0.5; // of the least that any two of those agree on

/** Null while no model has answered, or it is not known how those that have agree. @returns {Figures | null} */
export function figuresOf({ models: cards, classes, comparison, samples }) {
  const statusIs = (status) => (card) => comparison?.models[card.name]?.status === status;
  const answered = cards.filter(statusIs("ok"));
  if (answered.length === 0) return null;
  const { models: answers, agreement, truth, price } = comparison;
  if (answered.length > 1 && !answered.every(({ name }) => agreement?.models.includes(name))) return null;
  const pairs = agreement?.pairs ?? [];
  const outliers = truth ? [] : outliersOf(answered, pairs);
  const judged = answered.filter((card) => !outliers.includes(card));
  const shares = judged.map(({ name }) => answers[name].classes);
  const mean = Object.fromEntries(classes.map(({ name }) => [name, average(shares.map((each) => each[name]))]));
  const test = TESTS.find((data) => judged.every((card) => scored(card, data, mean) !== null));
  return {
    classes,
    mean,
    truth: truth && (samples.find(({ id }) => id === comparison.sample)?.shows ?? {}),
    all: agreement?.all ?? null,
    outliers: outliers.map(({ title }) => title),
    street: isOfStreet(comparison),
    failed: cards.filter(statusIs("failed")).map(({ title }) => title),
    running: cards.filter(statusIs("running")).map(({ title }) => title),
    models: answered.map((card) => {
      const answer = answers[card.name];
      return {
        title: card.title,
        sure: answer.confidence,
        same: samenessWith(judged, card, pairs),
        tested: test ? scored(card, test, mean) : null,
        ms: answer.timings_ms.network,
        usd: warmCost(answer, price),
        shares: answer.classes,
        right: truth?.models[card.name]?.pixel_accuracy ?? null,
        iou: truth?.models[card.name]?.classes ?? {},
      };
    }),
  };
}

export const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Those who agree with each of a majority on less than half of what any two of the majority agree on; or nobody. */
function outliersOf(cards, pairs) {
  const sharesOf = (one, others) => others.filter((other) => other !== one).map((other) => shareOf(pairs, one, other));
  const fewest = Math.max(MAJORITY, Math.floor(cards.length / 2) + 1);
  const withFewest = (card) => sharesOf(card, cards).sort((a, b) => b - a)[fewest - 2]; // as a member would, at least
  const closest = cards.toSorted((a, b) => withFewest(b) - withFewest(a));
  for (let size = cards.length - 1; size >= fewest; size--) {
    const [core, rest] = [closest.slice(0, size), closest.slice(size)];
    const least = Math.min(...core.flatMap((one) => sharesOf(one, core)));
    if (Math.max(...rest.flatMap((one) => sharesOf(one, core))) < APART * least) return rest;
  }
  return [];
}

const shareOf = (pairs, one, other) =>
  pairs.find(({ models }) => models.includes(one.name) && models.includes(other.name)).share;

/** What a card says of the classes of this photo, each weighted by its area: the IoU to be expected. */
function scored({ figures = [] }, data, areas) {
  let [sum, area] = [0, 0];
  for (const [name, share] of Object.entries(areas)) {
    const figure = figures.find((each) => each.data === data && each.metric === `IoU ${name}`);
    if (typeof figure?.value !== "number") continue;
    sum += share * figure.value;
    area += share;
  }
  return area > 0.5 ? sum / area : null;
}

/** The share of the pixels on which each of `cards` says the same as one, by its title. */
const samenessWith = (cards, one, pairs) =>
  Object.fromEntries(cards.filter((other) => other !== one).map((other) => [other.title, shareOf(pairs, one, other)]));

/** USD a photo, without a cold start: that happens once, and not to every model at the same time. */
function warmCost({ billed_ms: billed, cold_start: cold, init_ms: init, memory_mb: memory }, price) {
  if (!billed || !memory) return null;
  const seconds = (billed - (cold ? init : 0)) / 1000;
  return (seconds * memory * price.usd_per_gb_second) / 1024 + price.usd_per_request;
}
