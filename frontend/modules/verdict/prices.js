// Which model is fastest and which cheapest, in words.

import { listed, milliseconds } from "../words.js";

const LEVEL = 1.1; // times as much is no difference to choose by

/** The network alone: what comes before and after is much the same for all, and depends on the day. */
export const fastestOf = (models, rival) =>
  leastOf(models, rival, {
    of: ({ ms }) => ms,
    each: (ms) => `${milliseconds(ms)} in the network`,
    more: (ratio, other) => `, ${timesOf(ratio)} as fast as ${other}`,
  });

export const cheapestOf = (models, rival) =>
  leastOf(models, rival, {
    of: ({ usd }) => usd,
    each: (usd) => `about $${Number((1000 * usd).toPrecision(2))} for 1,000 photos`,
    more: (ratio, other) => `; ${other} costs ${timesOf(ratio)} as much`,
  });

/** The model with the least, in words, against `rival`, whom one would trust, or whoever comes next. */
function leastOf(models, rival, { of, each, more }) {
  const known = models.filter((model) => Number.isFinite(of(model))).sort((a, b) => of(a) - of(b));
  if (known.length === 0) return null;
  const [first, second] = known;
  if (!second) return `${first.title}: ${each(of(first))}.`;
  const level = known.filter((model) => of(model) <= LEVEL * of(first));
  const titles = listed(level.map(({ title }) => title));
  if (level.length > 1) return `No clear winner: ${titles} are level, at ${each(of(first))}.`;
  const other = known.includes(rival) && rival !== first ? rival : second;
  return `${first.title}: ${each(of(first))}${more(of(other) / of(first), other.title)}.`;
}

/** "1.4 times", "twice", "5 times" */
export function timesOf(ratio) {
  if (ratio < 1.85) return `${ratio.toFixed(1)} times`;
  return ratio < 2.5 ? "twice" : `${Math.round(ratio)} times`;
}
