// Agreement of maps, and scores against the truth: the twin of functions/orchestrator/agreement.py and truth.py.

import { histogram, NOTHING, regionsOf, same } from "../pixels/maps.js";

const rounded = (share, digits = 6) => Math.round(share * 10 ** digits) / 10 ** digits;

/** The agreement of label maps by model name, at least two of one size; `classes` are names by id. */
export function agreementOf(maps, classes, { width, height }) {
  const names = Object.keys(maps);
  const all = Object.values(maps);
  const count = width * height;
  const sets = new Map(); // a bit for each class that any model answers, to how many pixels
  for (let at = 0; at < count; at++) {
    let bits = 0;
    for (const map of all) bits |= 1 << map[at];
    sets.set(bits, (sets.get(bits) ?? 0) + 1);
  }
  const having = (isMeant) => [...sets].reduce((sum, [bits, pixels]) => sum + (isMeant(bits) ? pixels : 0), 0);
  const isOne = (bits) => (bits & (bits - 1)) === 0;
  const shares = classes.map((name, id) => {
    const any = having((bits) => bits & (1 << id));
    return [name, any ? rounded((sets.get(1 << id) ?? 0) / any) : null];
  });
  return {
    models: names,
    all: rounded(having(isOne) / count),
    pairs: names.flatMap((one, i) =>
      names.slice(i + 1).map((other) => ({ models: [one, other], share: rounded(sameShare(maps[one], maps[other])) })),
    ),
    classes: Object.fromEntries(shares),
    disputed: disputedOf(maps, classes, width, height),
  };
}

/** The share of pixels that two maps give the same class. */
export function sameShare(one, other) {
  let same = 0;
  for (let at = 0; at < one.length; at++) if (one[at] === other[at]) same++;
  return same / one.length;
}

/** The share of pixels that all maps give the same class. */
export function agreementShare(maps) {
  let share = 0;
  for (let at = 0; at < maps[0].length; at++) if (same(maps, at)) share++;
  return share / maps[0].length;
}

function disputedOf(maps, classes, width, height) {
  const numbers = regionsOf(Object.values(maps), width, height);
  const boxes = []; // by number
  for (let at = 0; at < numbers.length; at++) {
    if (!numbers[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    boxes[numbers[at]] ??= { left: x, right: x, top: y, bottom: y, pixels: [] };
    const box = boxes[numbers[at]];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = y;
    box.pixels.push(at);
  }
  return boxes.filter(Boolean).map(({ left, right, top, bottom, pixels }) => ({
    x: left,
    y: top,
    width: right - left + 1,
    height: bottom - top + 1,
    share: rounded(pixels.length / numbers.length),
    answers: Object.fromEntries(
      Object.entries(maps).map(([name, map]) => {
        const counts = histogram(Uint8Array.from(pixels, (at) => map[at]));
        return [name, classes[counts.indexOf(Math.max(...counts))] ?? "nothing"];
      }),
    ),
  }));
}

/** Scores of a map over the pixels whose truth is known. */
export function scoresOf(ids, truth, classes) {
  const [hit, answered, held] = Array.from({ length: 3 }, () => new Uint32Array(256));
  for (let at = 0; at < ids.length; at++) {
    if (truth[at] === NOTHING) continue;
    held[truth[at]]++;
    answered[ids[at]]++;
    if (ids[at] === truth[at]) hit[ids[at]]++;
  }
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  const union = (id) => held[id] + answered[id] - hit[id];
  const ious = classes.map((_, id) => (union(id) ? hit[id] / union(id) : null));
  const known = ious.filter((_, id) => held[id]);
  return {
    miou: known.length ? rounded(sum(known) / known.length, 4) : null,
    pixel_accuracy: sum(held) ? rounded(sum(hit) / sum(held), 4) : null,
    classes: Object.fromEntries(classes.map((name, id) => [name, ious[id] === null ? null : rounded(ious[id], 4)])),
  };
}
