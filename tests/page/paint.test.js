import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN } from "../../frontend/modules/pixels/maps.js";
import {
  coloursOf,
  DISTINCT,
  paintConfidence,
  paintErrors,
  paintLabels,
  rgbOf,
} from "../../frontend/modules/pixels/paint.js";

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

// Machado, Oliveira, Fernandes 2009, severity 1, on linear light.
const SIGHTS = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

function oklab(colour, sight) {
  const linear = rgbOf(colour).map((byte) =>
    byte <= 10.31 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
  );
  const seen = times(sight, linear).map((value) => Math.min(1, Math.max(0, value)));
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    seen,
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

test("any two classes of the distinct palette differ for every colour vision", () => {
  const colours = Object.values(DISTINCT);
  assert.equal(colours.length, 11);
  for (const [name, sight] of Object.entries(SIGHTS)) {
    const seen = colours.map((colour) => oklab(colour, sight));
    for (let i = 0; i < seen.length; i++)
      for (let j = 0; j < i; j++)
        assert.ok(
          Math.hypot(...seen[i].map((value, k) => value - seen[j][k])) > 0.115,
          `${name}: ${colours[i]} ${colours[j]}`,
        );
  }
});

test("a class that the palette does not know keeps its colour", () => {
  const classes = [
    { name: "car", colour: "#00008e" },
    { name: "tram", colour: "#123456" },
  ];
  assert.deepEqual(coloursOf(classes, "distinct"), [DISTINCT.car, "#123456"]);
  assert.deepEqual(coloursOf(classes, "cityscapes"), ["#00008e", "#123456"]);
});
