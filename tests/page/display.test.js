import assert from "node:assert/strict";
import { test } from "node:test";

import { detailOf } from "../../frontend/modules/pixels/detail.js";
import { paintLabels } from "../../frontend/modules/pixels/paint.js";
import { radiusFor, settled } from "../../frontend/modules/pixels/settle.js";

const INPUT = { short_side: 512, max_enlargement: 2, max_long_side: 1280 };
const STYLE = { colours: ["#808080", "#00008e"], shown: [true, true], highlight: null, outline: false, threshold: 0 };
const SIDE = 24;

const square = (idAt) => Uint8Array.from({ length: SIDE * SIDE }, (_, at) => idAt(at % SIDE, Math.floor(at / SIDE)));
/** Changes of id along rows and columns. */
const steps = (ids) =>
  ids.reduce(
    (sum, id, at) => sum + ((at + 1) % SIDE && id !== ids[at + 1]) + (at + SIDE < ids.length && id !== ids[at + SIDE]),
    0,
  );

test("half a cell of a network's input is as many px of the result as the network saw it smaller", () => {
  assert.equal(radiusFor(INPUT, { width: 2048, height: 1024 }), 4);
  assert.equal(radiusFor(INPUT, { width: 1024, height: 512 }), 2);
  assert.equal(radiusFor(INPUT, { width: 1024, height: 2048 }), 4, "upright");
  assert.equal(radiusFor(INPUT, { width: 320, height: 240 }), 1, "enlarged at most twice");
  assert.equal(radiusFor(INPUT, { width: 2048, height: 683 }), 3, "its long side has a limit");
  assert.equal(radiusFor(undefined, { width: 9, height: 9 }), 0, "a card that does not say");
});

test("combs go, and what was straight, thin or round stays", () => {
  const comb = square((x, y) => Number(x > 12 || (x > 8 && y % 4 < 2)));
  const calm = settled(comb, SIDE, SIDE, 4);
  assert.ok(steps(comb) > 60);
  assert.ok(steps(calm) <= SIDE + 8, `${steps(calm)}`);
  const straight = square((x) => Number(x > 11));
  assert.deepEqual(settled(straight, SIDE, SIDE, 4), straight);
  const pole = square((x) => Number(x > 9 && x < 15)); // as wide as more than half of the square
  assert.deepEqual(settled(pole, SIDE, SIDE, 4), pole);
});

test("ids stay ids: none comes up that nobody around has said, and none is mixed", () => {
  const checks = square((x, y) => (((x >> 1) + (y >> 1)) % 2 ? 3 : 9));
  for (const id of settled(checks, SIDE, SIDE, 3)) assert.ok(id === 3 || id === 9);
  assert.equal(settled(checks, SIDE, SIDE, 0), checks);
  const even = Uint8Array.from([7, 2, 7, 2]);
  assert.deepEqual([...settled(even, 2, 2, 1)], [...even], "of equals its own");
});

test("each pixel has what most around it say, however its square lies", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const flat = 9; // rows without a change, so that squares are counted anew beyond them
  const ids = square((x, y) => (y < flat || x % 13 < 5 ? 4 : Math.floor(random() * 3) * 2));
  for (const radius of [1, 2, 4, SIDE]) {
    const calm = settled(ids, SIDE, SIDE, radius);
    ids.forEach((own, at) => {
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      const votes = new Map([[own, 0]]);
      ids.forEach((id, other) => {
        const far = Math.max(Math.abs((other % SIDE) - x), Math.abs(Math.floor(other / SIDE) - y));
        if (far <= radius) votes.set(id, (votes.get(id) ?? 0) + 1);
      });
      const most = Math.max(...votes.values());
      const best =
        votes.get(own) === most ? own : Math.min(...[...votes.keys()].filter((id) => votes.get(id) === most));
      assert.equal(calm[at], best, `${x}, ${y} within ${radius}`);
    });
  }
});

const grey = (levelAt) =>
  Uint8ClampedArray.from({ length: SIDE * SIDE * 4 }, (_, i) => (i % 4 === 3 ? 255 : levelAt((i >> 2) % SIDE)));

test("detail is what is lighter or darker than around it, however light the whole is", () => {
  const flat = detailOf(
    grey(() => 40),
    SIDE,
    SIDE,
  );
  assert.deepEqual(new Set(flat), new Set([128]));
  const [dark, bright] = [0, 155].map((base) =>
    detailOf(
      grey((x) => base + (x < 12 ? 0 : 100)),
      SIDE,
      SIDE,
    ),
  );
  assert.ok(dark[11] < 110 && dark[12] > 146, `${dark[11]} ${dark[12]}`);
  assert.equal(dark[2], 128);
  assert.ok(dark.every((value, at) => Math.abs(value - bright[at]) <= 1));
});

test("a mask lets the photo's edges through, on dark and on light classes, and keeps its colour between them", () => {
  const detail = detailOf(
    grey((x) => (x < 12 ? 0 : 100)),
    SIDE,
    SIDE,
  );
  for (const id of [0, 1]) {
    const map = { ids: square(() => id), confidence: null, width: SIDE, height: SIDE };
    const [plain, shaded] = [paintLabels(map, STYLE), paintLabels({ ...map, detail }, STYLE)];
    const light = (rgba, x) => rgba[4 * x] + rgba[4 * x + 1] + rgba[4 * x + 2];
    assert.ok(light(shaded, 12) - light(shaded, 11) > 40, `class ${id}`);
    assert.deepEqual(shaded.slice(0, 16), plain.slice(0, 16));
    assert.ok(shaded.every((value, i) => i % 4 < 3 || value === 255));
  }
  const outlined = { ids: square((x) => Number(x > 11)), confidence: null, width: SIDE, height: SIDE };
  const style = { ...STYLE, outline: true };
  assert.deepEqual(paintLabels({ ...outlined, detail }, style), paintLabels(outlined, style), "outlines are one line");
});

test("what is hidden stays clear under any photo", () => {
  const detail = detailOf(
    grey((x) => (x % 4) * 60),
    SIDE,
    SIDE,
  );
  const map = { ids: square(() => 1), confidence: null, width: SIDE, height: SIDE, detail };
  const rgba = paintLabels(map, { ...STYLE, shown: [true, false] });
  assert.ok(rgba.every((value) => value === 0));
});
