import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  ALL_DIFFERENT,
  BOUNDARY,
  componentsOf,
  consensusOf,
  disputeOf,
  errorsOf,
  fitted,
  histogram,
  NOTHING,
  OPEN,
  opened,
  outlineOf,
  pixelAt,
  REGION,
  regionsOf,
  smoothed,
  UNKNOWN,
  WRONG,
} from "../../frontend/modules/pixels/maps.js";
import { npyOf } from "../../frontend/modules/pixels/npy.js";

const bytes = (...values) => Uint8Array.from(values);

/** A mask from rows of text: # is inside. */
function mask(...rows) {
  return {
    pixels: Uint8Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0)),
    width: rows[0].length,
    height: rows.length,
  };
}

const drawn = (pixels, width) =>
  [...pixels]
    .map((value) => (value ? "#" : "."))
    .join("")
    .match(new RegExp(`.{${width}}`, "g"));

test("the consensus is the majority, and open without one", () => {
  assert.deepEqual([...consensusOf([bytes(1, 1, 4), bytes(1, 2, 5), bytes(1, 1, 6)])], [1, 1, OPEN]);
  assert.deepEqual([...consensusOf([bytes(1, 1), bytes(1, 1), bytes(2, 2), bytes(2, 3)])], [OPEN, 1], "a tie is open");
});

test("opening keeps what a square fits into, whole, and drops what is thin in one direction", () => {
  const { pixels, width, height } = mask("#####...#.", "#####...#.", "#####...#.", "........#.", "##########");
  assert.deepEqual(drawn(opened(pixels, width, height, 1), width), [
    "#####.....",
    "#####.....",
    "#####.....",
    "..........",
    "..........",
  ]);
});

test("components touch by their sides, not by their corners or around the edge", () => {
  const { pixels, width, height } = mask("##..#", "...#.", "#..##");
  const { labels, areas } = componentsOf(pixels, width, height);
  assert.deepEqual(areas.slice(1).sort(), [1, 1, 2, 3]);
  assert.equal(labels[0], labels[1]);
  assert.notEqual(labels[4], labels[8]);
  assert.notEqual(labels[4], labels[10]);
});

test("a wide dispute is a region, a band along an outline is not, and no two may agree", () => {
  const [width, height] = [512, 256];
  const maps = [1, 2, 3].map(() => new Uint8Array(width * height));
  const paint = (map, id, left, wide, high) => {
    for (let y = 0; y < high; y++) map.fill(id, y * width + left, y * width + left + wide);
  };
  paint(maps[0], 1, 398, 4, height);
  paint(maps[0], 1, 0, 60, 60);
  paint(maps[1], 2, 0, 60, 30);
  const kinds = disputeOf(maps, width, height);
  assert.equal(kinds[10 * width + 30], ALL_DIFFERENT);
  assert.equal(kinds[50 * width + 30], REGION);
  assert.equal(kinds[30 * width + 400], BOUNDARY);
  assert.equal(kinds[30 * width + 200], 0);
  assert.deepEqual([...histogram(kinds).subarray(1, 4)], [4 * height, 60 * 30, 60 * 30]);
  assert.equal(histogram(disputeOf(maps.slice(0, 2), width, height))[REGION], 60 * 60, "two cannot all differ");
});

for (const { about, size, maps, regions } of JSON.parse(readFileSync(new URL("regions.json", import.meta.url))))
  test(`disputed regions: ${about}`, () => {
    const [width, height] = size;
    const draw = (rectangles) => {
      const out = new Uint8Array(width * height);
      for (const [value, x, y, wide, high] of rectangles)
        for (let row = y; row < y + high; row++) out.fill(value, row * width + x, row * width + x + wide);
      return out;
    };
    assert.deepEqual(regionsOf(maps.map(draw), width, height), draw(regions));
  });

test("an answer is right, wrong, or beyond knowing", () => {
  assert.deepEqual([...errorsOf(bytes(1, 2, 3), bytes(1, 3, NOTHING))], [0, WRONG, UNKNOWN]);
});

test("an outline lies on both sides of an edge and nowhere else", () => {
  const ids = bytes(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
  assert.deepEqual(drawn(outlineOf(ids, 6, 2, 1), 6), ["..##..", "..##.."]);
  assert.deepEqual(drawn(outlineOf(ids, 6, 2, 9), 6), ["######", "######"], "thickness ends with the row");
  assert.deepEqual(drawn(outlineOf(bytes(1, 1, 2, 2), 2, 2, 1), 2), ["##", "##"]);
});

test("a map brought to another size mixes no ids", () => {
  const map = { width: 2, height: 2, pixels: bytes(1, 9, 3, 7) };
  assert.deepEqual([...fitted(map, 4, 2)], [1, 1, 9, 9, 3, 3, 7, 7]);
  assert.equal(fitted(map, 2, 2), map.pixels);
});

test("confidence is enlarged bilinearly and its edges stay as they are", () => {
  const map = { width: 2, height: 1, pixels: bytes(0, 200) };
  assert.deepEqual([...smoothed(map, 4, 1)], [0, 50, 150, 200]);
  assert.deepEqual([...smoothed({ width: 1, height: 2, pixels: bytes(0, 200) }, 1, 4)], [0, 50, 150, 200]);
  assert.deepEqual([...smoothed(map, 2, 2)], [0, 200, 0, 200]);
  assert.equal(smoothed(map, 2, 1), map.pixels);
});

test("a place is a pixel in reading order, and the far edges are still inside", () => {
  assert.equal(pixelAt(0, 0, 4, 3), 0);
  assert.equal(pixelAt(0.5, 0.5, 4, 3), 6);
  assert.equal(pixelAt(1, 1, 4, 3), 11);
  assert.equal(pixelAt(-0.1, 1.2, 4, 3), 8);
});

test("a NumPy file has its header in whole blocks of 64 and then the bytes", () => {
  const file = npyOf(bytes(1, 2, 3, 4, 5, 6), 3, 2);
  const length = file[8] + 256 * file[9];
  assert.equal((10 + length) % 64, 0);
  const header = new TextDecoder().decode(file.subarray(10, 10 + length));
  assert.match(header, /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
  assert.deepEqual([...file.subarray(10 + length)], [1, 2, 3, 4, 5, 6]);
});
