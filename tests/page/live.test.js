import assert from "node:assert/strict";
import { test } from "node:test";

import { canRun } from "../../frontend/modules/here/engine.js";
import { agreementOf, agreementShare, sameShare, scoresOf } from "../../frontend/modules/here/judge.js";
import { Pace, SHORT_SIDES } from "../../frontend/modules/live/pace.js";
import { play } from "../../frontend/modules/live/source.js";
import { multipleOf, sizeAt } from "../../frontend/modules/live/stage.js";
import { breaksAt, placed } from "../../frontend/modules/stress/curves.js";

const bytes = (...values) => Uint8Array.from(values);

test("frames shrink while the device is slow, and grow while it is quick", () => {
  const pace = new Pace();
  const begin = pace.short;
  for (let at = 0; at < 3; at++) pace.add(1000, at * 1000);
  assert.ok(pace.short < begin);
  for (let at = 0; at < 30; at++) pace.add(1000, (at + 3) * 1000);
  assert.equal(pace.short, SHORT_SIDES[0], "never below the smallest");
  for (let at = 0; at < 60; at++) pace.add(10, 40_000 + at * 10);
  assert.equal(pace.short, SHORT_SIDES.at(-1), "never above the largest");
});

test("frames grow only to what is still smooth, and keep the size that somebody wants", () => {
  const pace = new Pace();
  const begin = pace.short;
  for (let at = 0; at < 30; at++) pace.add(36, at * 36); // at 2.25 times as many pixels 12 a second were left
  assert.equal(pace.short, begin);
  const fixed = new Pace(384);
  for (let at = 0; at < 30; at++) fixed.add(1000, at * 1000);
  assert.equal(fixed.short, 384);
});

test("a single slow frame changes nothing", () => {
  const pace = new Pace();
  const begin = pace.short;
  for (let at = 0; at < 30; at++) pace.add(at % 3 ? 200 : 1000, at * 200);
  assert.equal(pace.short, begin);
});

test("the rate is that of the last frames, and a pause is none", () => {
  const pace = new Pace();
  for (let at = 0; at < 20; at++) pace.add(50, at * 100);
  assert.ok(Math.abs(pace.rate - 10) < 0.01);
  pace.forget();
  pace.add(50, 1e6);
  assert.equal(pace.rate, 0);
});

test("a frame keeps its shape, however the device is held", () => {
  assert.deepEqual(sizeAt(256, { width: 1280, height: 720 }, 32), { width: 448, height: 256 });
  assert.deepEqual(sizeAt(256, { width: 720, height: 1280 }, 32), { width: 256, height: 448 });
  assert.deepEqual(sizeAt(8, { width: 100, height: 100 }, 32), { width: 32, height: 32 });
  assert.deepEqual(sizeAt(256, { width: 4000, height: 100 }, 32), { width: 640, height: 32 }, "no endless strip");
  assert.equal(multipleOf([{ input: { multiple: 32 } }, { input: { multiple: 48 } }, { input: { multiple: 1 } }]), 96);
});

test("a network breaks where it first keeps less than three quarters", () => {
  assert.equal(breaksAt([1, 0.9, 0.74, 0.8]), 2);
  assert.equal(breaksAt([1, undefined, 0.75, null]), null);
});

test("no name or mark of a curve lies on another, or outside the drawing, however many models break wherever", () => {
  for (let models = 1; models <= 6; models++)
    for (let seed = 0; seed < 40; seed++) {
      // Falls that begin anywhere, at times all at the same place.
      const shareOf = (model, severity) =>
        Math.max(0, 1 - severity * (0.1 + (((seed + 1) * (seed % 4) * model) % 7) / 20));
      const lines = Array.from({ length: models }, (_, model) => ({
        title: model % 2 ? "A network of a very long name" : "ENet",
        shares: Array.from({ length: 6 }, (_, severity) => shareOf(model, severity)),
      }));
      const { names, marks } = placed([...lines, { title: "All agree", shares: lines[0].shares, dashed: true }]);
      assert.equal(marks.length, models);
      for (const { x, y } of marks) assert.ok(x >= 84 && x <= 236 && y >= 17 && y <= 169, `${x} ${y}`);
      const isOn = (one, other) => Math.abs(one.x - other.x) < 80 && Math.abs(one.y - other.y) < 14;
      const pairs = (all) => all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other]));
      assert.ok(!pairs(marks).some(([one, other]) => isOn(one, other)));
      const ups = names.map(({ y }) => y).sort((one, other) => one - other);
      assert.ok(pairs(ups).every(([one, other]) => other - one >= 14));
      assert.ok(ups[0] >= 7 && ups.at(-1) <= 193);
      assert.ok(names.every(({ who }) => who.length <= 12));
    }
});

test("agreement is what the API calls so", () => {
  const maps = { a: bytes(0, 0, 1, 1), b: bytes(0, 1, 1, 1), c: bytes(0, 0, 1, 0) };
  const found = agreementOf(maps, ["sky", "road", "tree"], { width: 4, height: 1 });
  assert.equal(found.all, 0.5);
  assert.deepEqual(
    found.pairs.map(({ share }) => share),
    [0.75, 0.75, 0.5],
  );
  assert.deepEqual(found.classes, { sky: 0.333333, road: 0.333333, tree: null });
  assert.deepEqual(found.disputed, []);
  assert.equal(agreementShare(Object.values(maps)), 0.5);
  assert.equal(sameShare(maps.a, maps.b), 0.75);
});

test("scores leave out what the truth leaves open, and classes that it lacks", () => {
  const { miou, pixel_accuracy, classes } = scoresOf(bytes(0, 1, 1, 2), bytes(0, 0, 1, 255), ["sky", "road", "tree"]);
  assert.equal(pixel_accuracy, 0.6667);
  assert.deepEqual(classes, { sky: 0.5, road: 0.5, tree: null });
  assert.equal(miou, 0.5);
});

test("a model runs here if it has a network that a browser can run", () => {
  const card = { name: "own", title: "Own", networks: { sha256: { float32: "0".repeat(64) } } };
  assert.equal(canRun(card), true);
  assert.equal(canRun({ ...card, networks: { sha256: {} } }), false);
});

test("a video of more pixels than a photo may have is not looked at", async () => {
  globalThis.MediaStream ??= class {};
  const screen = {
    videoWidth: 10_000,
    videoHeight: 5_001,
    play() {
      this.onloadeddata();
      return Promise.resolve();
    },
  };
  const file = new File(["no film"], "large.mp4");
  await assert.rejects(
    play(screen, file, 50_000_000, () => {}),
    /large\.mp4 has 10000 × 5001 px; at most 50 megapixels/,
  );
  await play({ ...screen, videoHeight: 5_000 }, file, 50_000_000, () => {});
});
