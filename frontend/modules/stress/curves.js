// The share of answers kept at each severity, as lines, and where a network breaks.

import { svg } from "../dom.js";
import { overlap } from "../viewer/view.js";
import { listed, percent } from "../words.js";

/** A network that gives a quarter of the pixels another class than it gave the clean photo shows another street. */
const BREAKS_BELOW = 0.75;
const [WIDE, HIGH] = [360, 200];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 84, 10, 24];
const APART = 14; // lines of words
const MARK = { width: 80, height: APART }; // about: "breaks here" in the widest of usual fonts
const MOST = 12; // letters for which there is room beside the lines

/** The first severity at which less is kept than that; null where there is none. */
export function breaksAt(shares) {
  const at = shares.findIndex((share) => Number.isFinite(share) && share < BREAKS_BELOW);
  return at < 0 ? null : at;
}

/** `lines` hold a title and shares by severity from 0, of which some may not be known yet; `now` is marked. */
export function plot(title, lines, now) {
  const { x, y } = scalesOf(lines);
  const { names, marks } = placed(lines);
  const text = (at, up, anchor, ...words) => svg.text({ x: at, y: up, "text-anchor": anchor }, words);
  const words = lines
    .filter(({ dashed }) => !dashed)
    .map(({ title: who, shares }) => {
      const at = breaksAt(shares);
      return at === null ? `${who} holds so far` : `${who} breaks at ${at}`;
    });
  const kind = (index) => (lines[index].dashed ? "dashed" : `of-${index}`);
  return svg.svg(
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" },
    svg.title(`${title}: ${listed(words)}.`),
    [0, 0.5, 1].map((share) => [
      svg.line({ class: "rule", x1: LEFT, x2: WIDE - RIGHT, y1: y(share), y2: y(share) }),
      text(LEFT - 6, y(share) + 4, "end", percent(share, 0)),
    ]),
    lines[0].shares.map((_, severity) => text(x(severity), HIGH - 6, "middle", String(severity))),
    svg.line({ class: "now", x1: x(now), x2: x(now), y1: y(1), y2: y(0) }),
    lines.map(({ shares }, index) => {
      const points = shares.flatMap((share, severity) => (Number.isFinite(share) ? `${x(severity)},${y(share)}` : []));
      return svg.polyline({ class: `line ${kind(index)}`, points: points.join(" ") });
    }),
    marks.map(({ index, from }) => svg.circle({ class: kind(index), cx: from.x, cy: from.y, r: 4 })),
    marks.map(({ index, x: at, y: up }) =>
      svg.text({ class: `breaks ${kind(index)}`, x: at, y: up + 4, "text-anchor": "middle" }, "breaks here"),
    ),
    names.map(({ who, y: up }, index) =>
      svg.text({ class: `name ${kind(index)}`, x: WIDE - RIGHT + 6, y: up + 4 }, who),
    ),
  );
}

function scalesOf(lines) {
  const last = lines[0].shares.length - 1;
  return {
    x: (severity) => LEFT + (severity / last) * (WIDE - LEFT - RIGHT),
    y: (share) => TOP + (1 - share) * (HIGH - TOP - BOTTOM),
  };
}

/** Where a name stands beside the end of each line, and a mark near where it breaks: none on another. */
export function placed(lines) {
  const { x, y } = scalesOf(lines);
  const ends = lines.map(({ title, shares }) => ({
    who: title.length > MOST ? `${title.slice(0, MOST - 1)}…` : title,
    y: y(shares.findLast(Number.isFinite) ?? 1),
  }));
  const broken = lines.flatMap(({ dashed, shares }, index) => {
    const at = breaksAt(shares);
    return dashed || at === null ? [] : { index, from: { x: x(at), y: y(shares[at]) } };
  });
  const taken = broken.map(({ from }) => ({ ...from, width: 8, height: 8 }));
  const marks = broken.map((one) => {
    const mark = { ...MARK, ...nearest(one.from, taken) };
    taken.push(mark);
    return { ...one, ...mark };
  });
  return { names: spread(ends), marks };
}

/** The place for a mark within the lines' area that is nearest to a point and on nothing that is taken. */
function nearest(from, taken) {
  const [left, top] = [LEFT + MARK.width / 2, TOP + MARK.height / 2];
  const [right, bottom] = [WIDE - RIGHT - MARK.width / 2, HIGH - BOTTOM - MARK.height / 2];
  const far = (spot) => Math.hypot((spot.x - from.x) / 4, spot.y - from.y); // a mark is wide
  let best = { x: left, y: top, far: Number.POSITIVE_INFINITY };
  for (let x = left; x <= right; x += 4)
    for (let y = top; y <= bottom; y += 2) {
      const spot = { x, y, far: far({ x, y }) };
      if (spot.far < best.far && !taken.some((other) => overlap({ ...MARK, x, y }, other))) best = spot;
    }
  return { x: best.x, y: best.y };
}

/** Names beside the ends of their lines, moved apart: down, then up again from the lower edge. */
function spread(names) {
  const sorted = names.toSorted((one, other) => one.y - other.y);
  for (let at = 1; at < sorted.length; at++) sorted[at].y = Math.max(sorted[at].y, sorted[at - 1].y + APART);
  for (let at = sorted.length - 1, most = HIGH - APART / 2; at >= 0; at--, most -= APART)
    sorted[at].y = Math.min(sorted[at].y, most);
  return names;
}
