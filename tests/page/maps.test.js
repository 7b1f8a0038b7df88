import assert from "node:assert/strict";
import { test } from "node:test";

import { grayOf, idsOf, NOTHING, pixelAt } from "../../frontend/modules/maps.js";

const COLOURS = ["#4682b4", "#464646", "#00008e"];
const painted = (...colours) => Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255]));

test("every class's colour becomes its id", () => {
  const rgba = painted([70, 130, 180], [0, 0, 142], [0, 0, 142], [70, 70, 70]);
  assert.deepEqual([...idsOf(rgba, COLOURS)], [0, 2, 2, 1]);
});

test("a colour that is no class's, however near, is nothing", () => {
  assert.deepEqual([...idsOf(painted([70, 130, 181], [0, 0, 0], [70, 70, 70]), COLOURS)], [NOTHING, NOTHING, 1]);
});

test("a gray image gives one byte a pixel", () => {
  assert.deepEqual([...grayOf(painted([0, 0, 0], [128, 128, 128], [255, 255, 255]))], [0, 128, 255]);
});

test("a place is a pixel in reading order, and the far edges are still inside", () => {
  assert.equal(pixelAt(0, 0, 4, 3), 0);
  assert.equal(pixelAt(0.5, 0.5, 4, 3), 6);
  assert.equal(pixelAt(1, 1, 4, 3), 11);
  assert.equal(pixelAt(-0.1, 1.2, 4, 3), 8);
});
