// The share of answers kept at each severity, as lines, and where a network breaks.

import { svg } from "../dom.js";
import { listed, percent } from "../words.js";

/** A network that gives a quarter of the pixels another class than it gave the clean photo shows another street. */
const BREAKS_BELOW = 0.75;
const [WIDE, HIGH] = [360, 200];
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 84, 10, 24];

/** The first severity at which less is kept than that; null where there is none. */
export function breaksAt(shares) {
  const at = shares.findIndex((share) => Number.isFinite(share) && share < BREAKS_BELOW);
  return at < 0 ? null : at;
}

/** `lines` hold a title and shares by severity from 0, of which some may not be known yet; `now` is marked. */
export function plot(title, lines, now) {
  const last = lines[0].shares.length - 1;
  const x = (severity) => LEFT + (severity / last) * (WIDE - LEFT - RIGHT);
  const y = (share) => TOP + (1 - share) * (HIGH - TOP - BOTTOM);
  const text = (at, up, anchor, ...words) => svg.text({ x: at, y: up, "text-anchor": anchor }, words);
  const breaks = lines
    .filter(({ dashed }) => !dashed)
    .map(({ title: who, shares }) => ({ who, at: breaksAt(shares), shares }));
  const words = breaks.map(({ who, at }) => (at === null ? `${who} holds so far` : `${who} breaks at ${at}`));
  const broken = breaks.flatMap(({ at, shares }, index) =>
    at === null ? [] : { index, at, from: y(shares[at]), y: y(shares[at]) },
  );
  const marks = spread(broken);
  const names = spread(lines.map(({ title: who, shares }) => ({ who, y: y(shares.findLast(Number.isFinite) ?? 1) })));
  return svg.svg(
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" },
    svg.title(`${title}: ${listed(words)}.`),
    [0, 0.5, 1].map((share) => [
      svg.line({ class: "rule", x1: LEFT, x2: WIDE - RIGHT, y1: y(share), y2: y(share) }),
      text(LEFT - 6, y(share) + 4, "end", percent(share, 0)),
    ]),
    lines[0].shares.map((_, severity) => text(x(severity), HIGH - 6, "middle", String(severity))),
    svg.line({ class: "now", x1: x(now), x2: x(now), y1: y(1), y2: y(0) }),
    lines.map(({ shares, dashed }, at) => {
      const points = shares.flatMap((share, severity) => (Number.isFinite(share) ? `${x(severity)},${y(share)}` : []));
      return svg.polyline({ class: `line line-${at} ${dashed ? "dashed" : ""}`, points: points.join(" ") });
    }),
    marks.map(({ index, at, y: up, from }) => [
      svg.circle({ class: `line-${index}`, cx: x(at), cy: from, r: 4 }),
      text(x(at), up + 16, "middle", svg.tspan({ class: "breaks" }, "breaks here")),
    ]),
    names.map(({ who, y: up }, at) => svg.text({ class: `name name-${at}`, x: WIDE - RIGHT + 6, y: up + 4 }, who)),
  );
}

const APART = 14;

/** Names beside the ends of their lines, none on another. */
function spread(names) {
  const sorted = names.toSorted((one, other) => one.y - other.y);
  for (let at = 1; at < sorted.length; at++) sorted[at].y = Math.max(sorted[at].y, sorted[at - 1].y + APART);
  return names;
}
