import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf } from "../../frontend/modules/pixels/maps.js";
import { namesIn } from "../../frontend/modules/viewer/view.js";

/** A label map from rows of digits, each as often as it says. */
const map = (...rows) => Uint8Array.from(rows.flatMap(([row, times]) => Array(times).fill([...row])).flat(2));

const SEEN = { left: 0, top: 0, scale: 1, from: 0, to: 100, bottom: 100 };
const sizeOf = () => ({ width: 20, height: 10 });
const place = (more) => ({ id: 0, area: 1, x: 50, y: 50, depth: 20, room: 40, ...more });

test("a name's place is in the middle of the widest part of its area", () => {
  const stem = `${"0".repeat(28)}1${"0".repeat(3)}`;
  const head = `${"0".repeat(20)}${"1".repeat(9)}${"0".repeat(3)}`;
  const ids = map(["0".repeat(32), 2], [head, 9], [stem, 5]);
  const [first] = placesOf(ids, 32, 16).filter(({ id }) => id === 1);
  assert.deepEqual([first.x, first.y, first.depth, first.room], [24.5, 6.5, 5, 9]);
});

test("each area has its own places, the deepest first, and what is thin has none", () => {
  const row = `${"1".repeat(12)}0${"1".repeat(6)}${"2".repeat(1)}${"0".repeat(12)}`;
  const places = placesOf(map([row, 12]), 32, 12);
  assert.equal(new Set(places.filter(({ id }) => id === 1).map(({ area }) => area)).size, 2);
  assert.ok(!places.some(({ id }) => id === 2));
  for (let at = 1; at < places.length; at++) assert.ok(places[at - 1].depth >= places[at].depth);
});

test("an area has several places, none within another's reach", () => {
  const places = placesOf(new Uint8Array(64 * 32), 64, 32);
  assert.ok(places.length > 2 && places.length <= 12);
  for (const a of places)
    for (const b of places)
      assert.ok(a === b || Math.hypot(a.x - b.x, a.y - b.y) >= a.depth + b.depth, `${a.x} ${a.y}, ${b.x} ${b.y}`);
});

test("places of a large map are in its own px", () => {
  const ids = new Uint8Array(1024 * 512).fill(3);
  const [{ id, x, y }] = placesOf(ids, 1024, 512);
  assert.equal(id, 3);
  assert.ok(Math.abs(y - 256) < 8 && x > 240 && x < 784);
});

test("a name is written where it finds room on the screen, and in view", () => {
  const written = (it, seen = {}) => namesIn([place(it)], { ...SEEN, ...seen }, sizeOf).length;
  assert.equal(written({}), 1);
  assert.equal(written({ depth: 4 }), 0, "too low");
  assert.equal(written({ room: 9 }), 0, "too narrow");
  assert.equal(written({ depth: 4, room: 9 }, { scale: 2 }), 1, "zoomed in");
  assert.equal(written({ x: 101 }), 0);
  assert.equal(written({}, { to: 40 }), 0, "on the slider's other side");
  assert.equal(written({}, { top: -60 }), 0);
  assert.equal(written({}, { above: 60 }), 0, "under the caption");
  const [lowered] = namesIn([place({})], { ...SEEN, above: 48 }, sizeOf);
  assert.equal(lowered.y, 53, "beside it, wholly below");
});

test("a name near the edge is moved inside, not cut", () => {
  const [{ x, y }] = namesIn([place({ x: 99, y: 1 })], SEEN, sizeOf);
  assert.deepEqual([x, y], [90, 5]);
});

test("an area is named once, at the first place in view, and no name lies on another", () => {
  const places = [
    place({ x: -5 }),
    place({ x: 30 }),
    place({ x: 60 }),
    place({ area: 2, x: 45 }),
    place({ area: 3, y: 80 }),
  ];
  assert.deepEqual(
    namesIn(places, SEEN, sizeOf).map(({ area, x }) => [area, x]),
    [
      [1, 30],
      [3, 50],
    ],
  );
});

test("what is hidden is not named", () => {
  const names = namesIn([place(), place({ id: 1, area: 2, y: 20 })], SEEN, (id) => (id === 1 ? sizeOf() : null));
  assert.deepEqual(
    names.map(({ id }) => id),
    [1],
  );
});
