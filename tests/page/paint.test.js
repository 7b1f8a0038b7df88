import assert from "node:assert/strict";
import { test } from "node:test";
import { paintConfidence, paintErrors } from "../../frontend/modules/pixels/layers.js";
import { OPEN } from "../../frontend/modules/pixels/maps.js";
import { coloursOf, paintLabels } from "../../frontend/modules/pixels/paint.js";

const STYLE = {
  colours: ["#4682b4", "#464646", "#00008e"],
  shown: [true, true, true],
  highlight: null,
  outline: false,
  threshold: 0,
};
const map = (ids, confidence = null) => ({
  ids: Uint8Array.from(ids),
  confidence: confidence && Uint8Array.from(confidence),
  width: ids.length,
  height: 1,
});
const pixel = (rgba, at) => [...rgba.slice(4 * at, 4 * at + 4)];

test("every id has exactly its class's colour", () => {
  const rgba = paintLabels(map([0, 2, 1]), STYLE);
  assert.deepEqual(pixel(rgba, 0), [0x46, 0x82, 0xb4, 255]);
  assert.deepEqual(pixel(rgba, 1), [0, 0, 0x8e, 255]);
  assert.deepEqual(pixel(rgba, 2), [0x46, 0x46, 0x46, 255]);
});

test("hidden classes and no class at all are clear, what is open is white", () => {
  const rgba = paintLabels(map([0, 1, 255, OPEN]), { ...STYLE, shown: [true, false, true] });
  assert.deepEqual(
    [0, 1, 2].map((at) => pixel(rgba, at)[3]),
    [255, 0, 0],
  );
  assert.deepEqual(pixel(rgba, 3), [255, 255, 255, 255]);
});

test("one highlighted class leaves the others faint", () => {
  const rgba = paintLabels(map([0, 1]), { ...STYLE, highlight: 1 });
  assert.equal(pixel(rgba, 1)[3], 255);
  assert.ok(pixel(rgba, 0)[3] > 0 && pixel(rgba, 0)[3] < 60);
});

test("only what is less sure than the threshold fades", () => {
  const rgba = paintLabels(map([0, 0, 1], [99, 100, 99]), { ...STYLE, threshold: 100, shown: [true, false, true] });
  assert.ok(pixel(rgba, 0)[3] < 60);
  assert.equal(pixel(rgba, 1)[3], 255);
  assert.equal(pixel(rgba, 2)[3], 0, "a hidden class stays hidden");
});

test("outlines leave the insides clear", () => {
  const rgba = paintLabels(map([0, 0, 0, 1, 1, 1]), { ...STYLE, outline: true });
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((at) => pixel(rgba, at)[3]),
    [0, 0, 255, 255, 0, 0],
  );
});

test("the scale of confidence gets steadily darker", () => {
  const rgba = paintConfidence(Uint8Array.from({ length: 256 }, (_, value) => value));
  const light = (at) =>
    pixel(rgba, at)
      .slice(0, 3)
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  for (let value = 1; value < 256; value++) assert.ok(light(value) <= light(value - 1) + 0.5, `${value}`);
  assert.ok(light(0) - light(255) > 150);
});

test("what is right is clear in the picture of errors", () => {
  const rgba = paintErrors(Uint8Array.from([0, 1, 2]));
  assert.deepEqual(
    [0, 1, 2].map((at) => pixel(rgba, at)[3] > 0),
    [false, true, true],
  );
});

test("a class has the colour of the palette that is chosen", () => {
  const classes = [
    { colour: "#00008e", distinct: "#26087d" },
    { colour: "#128034", distinct: "#123456" },
  ];
  assert.deepEqual(coloursOf(classes, "distinct"), ["#26087d", "#123456"]);
  assert.deepEqual(coloursOf(classes, "cityscapes"), ["#00008e", "#128034"]);
});
