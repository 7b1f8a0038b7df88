import assert from "node:assert/strict";
import { test } from "node:test";

import { figuresOf } from "../../frontend/modules/verdict/figures.js";
import { judged, verdictOf } from "../../frontend/modules/verdict/verdict.js";

const CLASSES = ["sky", "building", "road", "fence", "pedestrian"].map((name) => ({
  name,
  title: name[0].toUpperCase() + name.slice(1),
  colour: "#000000",
}));
const STREET = { sky: 0.2, building: 0.4, road: 0.36, fence: 0.02, pedestrian: 0.02 };
const IOUS = { sky: 0.9, building: 0.9, road: 0.9, fence: 0.5, pedestrian: 0.5 };
const TITLES = ["ENet", "Fast-SCNN", "SwiftNet", "Fourth", "Fifth", "Sixth"];

/** Figures of models that are all alike, but for what is given: members of each, and how alike any two are. */
function figures(given, { same = 0.9, truth = null, all = 0.85, outliers = [], ...more } = {}) {
  const titles = given.map((_, at) => TITLES[at]);
  const models = given.map((own, at) => ({
    title: titles[at],
    sure: 0.9,
    tested: 0.6,
    ms: 100,
    usd: 0.00001,
    right: truth ? 0.9 : null,
    iou: truth ? IOUS : {},
    ...own,
    shares: { ...STREET, ...own.shares },
    same: Object.fromEntries(
      titles
        .filter((title) => title !== titles[at] && !outliers.includes(title))
        .map((title) => [title, own.same?.[title] ?? own.same?.any ?? same]),
    ),
  }));
  return {
    classes: CLASSES,
    mean: STREET,
    truth,
    all,
    outliers,
    street: true,
    failed: [],
    running: [],
    models,
    ...more,
  };
}

/** [what it is of, figures, sentence, fastest, cheapest, differences, note]; what is left out is not looked at. */
const TABLE = [
  [
    "the issue's own example",
    figures([
      { ms: 400, tested: 0.55 },
      { ms: 80, usd: 0.000008, tested: 0.5, same: { SwiftNet: 0.94 }, shares: { fence: 0, pedestrian: 0.0066 } },
      { ms: 400, usd: 0.000024, tested: 0.7, same: { any: 0.93 } },
    ]),
    "Trust SwiftNet most on this photo: it did best in tests on building and road (most of this picture), and the others agree with it most (93 %).",
    "Fast-SCNN: 80 ms in the network, 5 times as fast as SwiftNet.",
    "Fast-SCNN: about $0.008 for 1,000 photos; SwiftNet costs 3 times as much.",
    "Fast-SCNN: the same as SwiftNet on 94 % of the pixels, no fence, a third of the pedestrian pixels that the others see.\nENet: the same as SwiftNet on 90 % of the pixels.",
    null,
  ],
  [
    "one that is best and surest, too",
    figures([{}, {}, { tested: 0.7, sure: 0.97 }]),
    "Trust SwiftNet most on this photo: it did best in tests on building and road (most of this picture), and it is the surest (97 %).",
  ],
  [
    "one that leads but is not sure",
    figures([{ sure: 0.5 }, { sure: 0.6, tested: 0.7 }]),
    "Trust Fast-SCNN most on this photo: it did best in tests on building and road (most of this picture), and it is the surest (60 %). But it is only 60 % sure: check where it matters to you.",
  ],
  [
    "a picture that one class fills",
    figures([{ tested: 0.7 }, { sure: 0.91 }], { mean: { ...STREET, building: 0.7, road: 0.06 } }),
    "Trust ENet most on this photo: it did best in tests on building (most of this picture).",
  ],
  [
    "two that are equal in everything",
    figures([{}, {}], { all: 0.97 }),
    "No clear winner: both say the same on 97 % of the pixels, and are each 90 % sure.",
    "No clear winner: ENet and Fast-SCNN are level, at 100 ms in the network.",
    "No clear winner: ENet and Fast-SCNN are level, at about $0.01 for 1,000 photos.",
    "Both say the same on 97 % of the pixels, and see much the same classes.",
  ],
  [
    "three that are equal, but for how sure they are",
    figures([{ sure: 0.88 }, {}, { sure: 0.92 }]),
    "No clear winner: all three say the same on 85 % of the pixels, and are 88 % to 92 % sure.",
  ],
  [
    "a lead in tests that is too small",
    figures([{ tested: 0.615 }, {}]),
    "No clear winner: both say the same on 85 % of the pixels, and are each 90 % sure.",
  ],
  [
    "the best in tests, contradicted on this photo",
    figures([{ sure: 0.95 }, { sure: 0.93 }, { tested: 0.7, sure: 0.7, same: { any: 0.6 } }]),
    "No clear winner: SwiftNet did best in tests on such a picture, but here ENet is surer and closer to what the others say.",
    undefined,
    undefined,
    "All say the same on 85 % of the pixels, and see much the same classes.",
  ],
  [
    "no tests, one far ahead",
    figures([
      { tested: null, sure: 0.99 },
      { tested: null, sure: 0.7 },
    ]),
    "Trust ENet most on this photo: it is the surest (99 %).",
  ],
  [
    "no tests, and one that is second in everything but first in all",
    figures([
      { tested: null, sure: 0.9, same: { any: 0.9 } },
      { tested: null, sure: 0.91, same: { any: 0.6 } },
      { tested: null, sure: 0.6, same: { any: 0.91 } },
    ]),
    "Trust ENet most on this photo: taking agreement and confidence together, it is far ahead.",
  ],
  [
    "no tests of one, nobody far ahead",
    figures([{ tested: null }, { tested: 0.9 }, {}]),
    "No clear winner: all three say the same on 85 % of the pixels, and are each 90 % sure.",
  ],
  [
    "the truth, and one that is right most often",
    figures(
      [
        { ms: 200, right: 0.9512, iou: { sky: 0.9, building: 0.9, road: 0.9, fence: 0.01, pedestrian: 0.2 } },
        { ms: 400, right: 0.9884 },
        { ms: 300, right: 0.8981, shares: { fence: 0.03 } },
      ],
      { truth: STREET },
    ),
    "Trust Fast-SCNN most on this photo: it is right on 98.8 % of the pixels, ENet on 95.1 %.",
    "ENet: 200 ms in the network, twice as fast as Fast-SCNN.",
    undefined,
    "ENet: right on 95.1 % of the pixels, misses the fence, weaker on pedestrian (IoU 0.20, Fast-SCNN 0.50).\nSwiftNet: right on 89.8 % of the pixels.",
  ],
  [
    "the truth, and a class that is not there",
    figures(
      [
        { right: 0.8, shares: { fence: 0.02 } },
        { right: 0.99, shares: { fence: 0 } },
      ],
      {
        truth: { ...STREET, fence: 0 },
      },
    ),
    "Trust Fast-SCNN most on this photo: it is right on 99.0 % of the pixels, ENet on 80.0 %.",
    undefined,
    undefined,
    "ENet: right on 80.0 % of the pixels, fence where there is none.",
  ],
  [
    "the truth, and two that are level before a third",
    figures([{ right: 0.95 }, { right: 0.952 }, { right: 0.7 }], { truth: STREET }),
    "No clear winner: Fast-SCNN and ENet are both right on 95 % of the pixels.",
  ],
  [
    "the truth, and all right on almost everything: no rounding says all",
    figures([{ right: 0.9996 }, { right: 0.9999 }, { right: 0.9998 }], { truth: STREET }),
    "No clear winner: Fast-SCNN, SwiftNet and ENet are all right on >99 % of the pixels.",
  ],
  [
    "the truth, and an IoU that is nearly 1: neither does it there",
    figures(
      [
        { right: 0.8, iou: { ...IOUS, road: 0.6 } },
        { right: 0.95, iou: { ...IOUS, road: 0.998 } },
      ],
      {
        truth: STREET,
      },
    ),
    "Trust Fast-SCNN most on this photo: it is right on 95.0 % of the pixels, ENet on 80.0 %.",
    undefined,
    undefined,
    "ENet: right on 80.0 % of the pixels, weaker on road (IoU 0.60, Fast-SCNN >0.99).",
  ],
  [
    "one model alone",
    figures([{ sure: 0.934 }]),
    "ENet is 93 % sure on average; there is no other answer to check it against.",
    "ENet: 100 ms in the network.",
    "ENet: about $0.01 for 1,000 photos.",
    undefined,
  ],
  [
    "one model alone, and the truth",
    figures([{ right: 0.934 }], { truth: STREET }),
    "ENet is right on 93.4 % of the pixels; there is no other answer to compare it with.",
  ],
  [
    "one that failed, one that has not answered",
    figures([{}, { tested: 0.8 }], { failed: ["SwiftNet"], running: ["Fourth", "Fifth"] }),
    "Trust Fast-SCNN most on this photo: it did best in tests on building and road (most of this picture).",
    undefined,
    undefined,
    "ENet: the same as Fast-SCNN on 90 % of the pixels.",
    "SwiftNet failed and is left out. Fourth and Fifth have not answered yet.",
  ],
  [
    "two of three failed",
    figures([{}], { failed: ["Fast-SCNN", "SwiftNet"] }),
    "ENet is 90 % sure on average; there is no other answer to check it against.",
    undefined,
    undefined,
    undefined,
    "Fast-SCNN and SwiftNet failed and are left out.",
  ],
  [
    "two models, one of which sees a class alone",
    figures([{ tested: 0.7, shares: { fence: 0 } }, { shares: { pedestrian: 0.06 } }]),
    undefined,
    undefined,
    undefined,
    "Fast-SCNN: the same as ENet on 90 % of the pixels, fence where the other sees none, 3 times as many pedestrian pixels as the other.",
  ],
  [
    "hardly any, half, others that differ among themselves",
    figures([
      { tested: 0.8, ms: 300 },
      { shares: { pedestrian: 0.001, road: 0.18, fence: 0.0001 } },
      { shares: { fence: 0 }, ms: 200 },
    ]),
    undefined,
    "Fast-SCNN: 100 ms in the network, 3 times as fast as ENet.",
    undefined,
    "Fast-SCNN: the same as ENet on 90 % of the pixels, half of the road pixels that the others see, hardly any of the pedestrian pixels that the others see.\nSwiftNet: the same as ENet on 90 % of the pixels.",
  ],
  [
    "four, of which the winner is the fastest and cheapest",
    figures([{ ms: 140, usd: 0.00002 }, { ms: 200 }, { ms: 300 }, { ms: 100, usd: 0.000005, tested: 0.9 }]),
    undefined,
    "Fourth: 100 ms in the network, 1.4 times as fast as ENet.",
    "Fourth: about $0.005 for 1,000 photos; Fast-SCNN costs twice as much.",
  ],
  [
    "five, three of which are level in time",
    figures([{ ms: 100 }, { ms: 105 }, { ms: 109 }, { ms: 300 }, { ms: 400 }]),
    "No clear winner: all five say the same on 85 % of the pixels, and are each 90 % sure.",
    "No clear winner: ENet, Fast-SCNN and SwiftNet are level, at 100 ms in the network.",
  ],
  [
    "six, one of which stands apart",
    figures([{}, {}, {}, {}, { same: { any: 0.6 }, shares: { fence: 0 } }, {}], { all: 0.5 }),
    "No clear winner: all six say the same on 50 % of the pixels, and are each 90 % sure.",
    undefined,
    undefined,
    "All say the same on 50 % of the pixels. Fifth differs: no fence.",
  ],
  [
    "four, one of which agrees with none",
    figures(
      [
        { sure: 0.88, same: { any: 0.88 } },
        { ms: 200, same: { any: 0.91 }, shares: { fence: 0 } },
        { tested: 0.7, same: { any: 0.92 } },
        { ms: 20, usd: 0.000001, tested: null, sure: 0.35, same: { any: 0.08 }, shares: { building: 0, road: 0.76 } },
      ],
      { all: 0.07, outliers: ["Fourth"] },
    ),
    "Trust SwiftNet most on this photo: it did best in tests on building and road (most of this picture), and the others agree with it most (92 %). Fourth is left out: it differs from all others on 92 % of the pixels.",
    "Fourth: 20 ms in the network, 5 times as fast as SwiftNet.",
    "Fourth: about $0.001 for 1,000 photos; SwiftNet costs 10 times as much.",
    "Fourth: the same as SwiftNet on 8 % of the pixels, no building, twice as many road pixels as the others.\nENet: the same as SwiftNet on 88 % of the pixels.",
  ],
  [
    "four, one of which agrees with none, and no winner among the others",
    figures([{}, {}, { sure: 0.88 }, { tested: null, sure: 0.35, same: { any: 0.08 } }], {
      all: 0.07,
      outliers: ["Fourth"],
    }),
    "No clear winner: any two of three say the same on 90 % of the pixels or more, and are 88 % to 90 % sure. Fourth is left out: it differs from all others on 92 % of the pixels.",
  ],
  [
    "a picture that is no street: nobody is left out of nothing",
    figures([{}, {}, {}, { same: { any: 0.08 } }], { street: false, outliers: ["Fourth"] }),
    "Trust no model on this photo: it does not look like a street, and they know nothing else.",
  ],
  ["costs that are not known", figures([{ usd: null }, { usd: null, tested: 0.8 }]), undefined, undefined, null],
];

const WHERE = ["Fastest", "Cheapest", "Differences"];

test("the table has at least twenty sets of figures, of one to six models", () => {
  assert.ok(TABLE.length >= 20);
  assert.deepEqual([...new Set(TABLE.map(([, { models }]) => models.length))].sort(), [1, 2, 3, 4, 5, 6]);
});

for (const [what, given, sentence, ...expected] of TABLE)
  test(`the verdict on ${what}`, () => {
    const verdict = judged(given);
    const plain = (words) => words?.replaceAll("\u00a0", " ") ?? null;
    const said = WHERE.map((title) => plain(verdict.lines.find((line) => line.title === title)?.words));
    if (sentence !== undefined) assert.equal(plain(verdict.sentence), sentence);
    for (const [at, words] of [...said, verdict.note].entries())
      if (expected[at] !== undefined) assert.equal(words, expected[at]);
    assert.doesNotMatch(JSON.stringify(verdict), /NaN|undefined|null %|Infinity/);
  });

const card = (name, iou) => ({
  name,
  title: name.toUpperCase(),
  figures: Object.entries(iou).map(([label, value]) => ({ metric: `IoU ${label}`, data: "camvid", value })),
});
const answer = (more) => ({
  status: "ok",
  classes: STREET,
  confidence: 0.9,
  timings_ms: { network: 100, total: 300 },
  cold_start: false,
  init_ms: 2000,
  billed_ms: 300,
  memory_mb: 2048,
  ...more,
});
const STATE = {
  classes: CLASSES,
  samples: [],
  models: [card("a", { building: 0.8, road: 0.5 }), card("b", { building: 0.5, road: 0.9 }), card("c", {})],
  comparison: {
    sample: null,
    models: { a: answer({ cold_start: true, billed_ms: 2300 }), b: answer(), c: { status: "failed" } },
    price: { usd_per_gb_second: 0.01, usd_per_request: 0.001 },
    agreement: { models: ["a", "b"], all: 0.8, pairs: [{ models: ["a", "b"], share: 0.8 }], disputed: [] },
    truth: null,
  },
};

test("a card's scores are weighted by what the photo shows, a cold start is no part of the price", () => {
  const { models, failed } = figuresOf(STATE);
  const [a, b] = models;
  assert.ok(Math.abs(a.tested - (0.4 * 0.8 + 0.36 * 0.5) / 0.76) < 1e-9);
  assert.ok(a.tested < b.tested);
  assert.equal(a.usd, b.usd);
  assert.ok(Math.abs(b.usd - (0.3 * 2 * 0.01 + 0.001)) < 1e-9);
  assert.deepEqual(a.same, { B: 0.8 });
  assert.deepEqual(failed, ["C"]);
});

test("one card without scores leaves all without, and nothing is judged before models are compared", () => {
  const { comparison } = STATE;
  const all = { ...comparison, models: { ...comparison.models, c: answer() } };
  assert.equal(verdictOf({ ...STATE, comparison: all }), null);
  const pairs = ["ab", "ac", "bc"].map((pair) => ({ models: [...pair], share: 0.8 }));
  const agreement = { ...comparison.agreement, models: ["a", "b", "c"], pairs };
  const { models } = figuresOf({ ...STATE, comparison: { ...all, agreement } });
  assert.deepEqual(
    models.map(({ tested }) => tested),
    [null, null, null],
  );
  assert.equal(verdictOf({ ...STATE, comparison: { ...comparison, models: {} } }), null);
});

/** Any two models agree on `same`, but those that are `apart`, the last if not said, agree with others on `share`. */
function withLast(share, { names = ["a", "b", "c", "d"], same = 0.88, truth = null, apart = [names.at(-1)] } = {}) {
  const iou = { building: 0.6, road: 0.6 };
  const cards = names.map((name) => card(name, name === "d" ? {} : name === "c" ? { building: 0.9, road: 0.9 } : iou));
  const shareOf = (pair) => (pair.filter((name) => apart.includes(name)).length === 1 ? share : same);
  const pairs = names.flatMap((one, at) =>
    names.slice(at + 1).map((other) => ({ models: [one, other], share: shareOf([one, other]) })),
  );
  const models = Object.fromEntries(names.map((name) => [name, answer()]));
  models[names.at(-1)].classes = { ...STREET, building: 0, road: 0.76 };
  const agreement = { models: names, all: Math.min(share, same) - 0.01, pairs, disputed: [] };
  return { ...STATE, models: cards, comparison: { ...STATE.comparison, models, agreement, truth } };
}

test("a model that agrees with no other on half of what those agree on is left out, and said to be", () => {
  const figures = figuresOf(withLast(0.08));
  assert.deepEqual(figures.outliers, ["D"]);
  assert.ok(Math.abs(figures.mean.building - STREET.building) < 1e-9);
  assert.deepEqual(Object.keys(figures.models[0].same), ["B", "C"]);
  assert.deepEqual(Object.keys(figures.models[3].same), ["A", "B", "C"]);
  const { sentence } = judged(figures);
  assert.match(sentence, /^Trust C most on this photo: it did best in tests/);
  assert.match(sentence, / D is left out: it differs from all others on 92\s% of the pixels\.$/);
});

test("several are left out, alike or not, as long as most agree", () => {
  const leftOut = (count, given) =>
    figuresOf(withLast(0.08, { names: [..."abcdefgh"].slice(0, count), ...given })).outliers.join("");
  assert.equal(leftOut(5, { apart: ["b", "d"] }), "BD");
  assert.equal(leftOut(6, { apart: ["a", "f"] }), "AF");
  assert.equal(leftOut(8, { apart: ["a", "c", "g"] }), "ACG");
  assert.equal(leftOut(4, { apart: ["c", "d"] }), "", "two against two");
  assert.equal(leftOut(6, { apart: ["a", "b", "c"] }), "", "three against three");
  const { sentence } = judged(figuresOf(withLast(0.08, { names: [..."abcde"], apart: ["b", "d"] })));
  assert.match(sentence, / B and D are left out: they differ from all others on 92\s% of the pixels or more\.$/);
});

test("no model is left out that agrees with another on half, has fewer than three others, or whose truth is known", () => {
  const truth = { models: Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { pixel_accuracy: 0.9 }])) };
  assert.deepEqual(figuresOf(withLast(0.43)).outliers, ["D"]);
  assert.deepEqual(figuresOf(withLast(0.45)).outliers, []);
  assert.deepEqual(figuresOf(withLast(0.08, { names: ["a", "b", "d"] })).outliers, []);
  assert.deepEqual(figuresOf(withLast(0.08, { names: ["a", "d"] })).outliers, []);
  assert.deepEqual(figuresOf(withLast(0.08, { truth })).outliers, []);
  assert.doesNotMatch(verdictOf(withLast(0.08, { truth })).sentence, /left out/);
  assert.deepEqual(figuresOf(withLast(0.08, { same: 0.1 })).outliers, [], "where none agree, none stands apart");
});
