import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arranged,
  between,
  clamped,
  following,
  frameOf,
  panned,
  placeIn,
  pointAt,
  viewOf,
  zoomed,
} from "../../frontend/modules/viewer/view.js";

const SIZE = { width: 2000, height: 1000 };
const FULL = frameOf({ width: 500, height: 250 }, SIZE); // one px is at scale 4
const near = (actual, expected) => {
  for (const key of Object.keys(expected))
    assert.ok(Math.abs(actual[key] - expected[key]) < 1e-9, `${key}: ${actual[key]}`);
};

test("zooming leaves the point under the pointer where it is", () => {
  const from = { x: 0.4, y: 0.6, scale: 2 };
  const to = clamped(zoomed(from, 1.7, 0.2, 0.9, FULL), FULL);
  near(pointAt(to, 0.2, 0.9, FULL), pointAt(from, 0.2, 0.9, FULL));
  assert.equal(to.scale, 3.4);
});

test("no view shows anything beside the picture, unless the whole of it is in view", () => {
  near(clamped({ x: 0, y: 2, scale: 2 }, FULL), { x: 0.25, y: 0.75, scale: 2 });
  near(clamped({ x: 0, y: 0, scale: 0.1 }, FULL), { x: 0.5, y: 0.5, scale: 1 });
  near(clamped(panned({ x: 0.5, y: 0.5, scale: 1 }, 0.3, 0.3, FULL), FULL), { x: 0.5, y: 0.5, scale: 1 });
});

test("no arithmetic loses the picture: what is no number becomes one that is allowed", () => {
  near(clamped({ x: Number.NaN, y: Number.POSITIVE_INFINITY, scale: 2 }, FULL), { x: 0.25, y: 0.75, scale: 2 });
  near(clamped({ x: 0.5, y: 0.5, scale: Number.NaN }, FULL), { x: 0.5, y: 0.5, scale: 1 });
});

test("a picture smaller than its pane can be seen at its own size", () => {
  near(clamped({ x: 0.5, y: 0.5, scale: 0.2 }, frameOf({ width: 4000, height: 2000 }, SIZE)), { scale: 0.5 });
});

test("a place and its point are each other's inverse", () => {
  const view = { x: 0.3, y: 0.7, scale: 5 };
  near(placeIn(view, pointAt(view, 0.1, 0.8, FULL), FULL), { u: 0.1, v: 0.8 });
});

test("flying to a box puts it in the middle with room around it", () => {
  const view = clamped(viewOf({ x: 900, y: 450, width: 200, height: 100 }, SIZE, FULL), FULL);
  near(view, { x: 0.5, y: 0.5, scale: 5 });
});

test("the view follows a point only when it leaves", () => {
  const view = { x: 0.5, y: 0.5, scale: 4 };
  assert.equal(following(view, { x: 0.52, y: 0.5 }, FULL), view);
  const { u } = placeIn(following(view, { x: 0.8, y: 0.5 }, FULL), { x: 0.8, y: 0.5 }, FULL);
  assert.ok(u > 0 && u < 1);
});

test("a flight begins and ends where it should", () => {
  const [from, to] = [
    { x: 0.1, y: 0.2, scale: 1 },
    { x: 0.9, y: 0.4, scale: 9 },
  ];
  near(between(from, to, 0), from);
  near(between(from, to, 1), to);
  near(between(from, to, 0.5), { scale: 3 });
});

test("panes are laid out as large as they can be", () => {
  assert.equal(arranged(4, { width: 1000, height: 700 }, SIZE, 10).columns, 2);
  assert.equal(arranged(4, { width: 1600, height: 400 }, { width: 300, height: 400 }, 10).columns, 4);
  assert.equal(arranged(4, { width: 360, height: 900 }, SIZE, 10).columns, 1);
});

test("a pane of another shape holds the whole picture, or is filled by it", () => {
  const upright = { width: 400, height: 800 };
  near(frameOf(upright, SIZE), { wide: 1, high: 4, full: 5, least: 1 });
  const filled = frameOf(upright, SIZE, true);
  near(filled, { wide: 0.25, high: 1, full: 1.25, least: 0.25 });
  near(clamped({ x: 0, y: 0, scale: 1 }, filled), { x: 0.125, y: 0.5, scale: 1 });
  near(pointAt({ x: 0.5, y: 0.5, scale: 1 }, 1, 0.5, filled), { x: 0.625, y: 0.5 });
});
