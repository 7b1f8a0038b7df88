import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { readPng } from "../../frontend/modules/pixels/files.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type, body) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(type), body, Buffer.alloc(4)]); // nobody looks at the checksum
}

/** A PNG of these lines, each with its filter's number first. */
function png({ width, bits = 8, colour = 0, interlace = 0 }, lines, parts = 1) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(lines.length, 4);
  header.set([bits, colour, 0, 0, interlace], 8);
  const data = deflateSync(Buffer.from(lines.flat()));
  const size = Math.ceil(data.length / parts);
  const bodies = Array.from({ length: parts }, (_, i) => data.subarray(i * size, (i + 1) * size));
  const file = Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.alloc(33)),
    ...bodies.map((body) => chunk("IDAT", body)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
}

test("bytes come out as they went in", async () => {
  const map = await readPng(
    png({ width: 3 }, [
      [0, 1, 2, 255],
      [0, 4, 5, 6],
    ]),
  );
  assert.deepEqual({ ...map, pixels: [...map.pixels] }, { width: 3, height: 2, pixels: [1, 2, 255, 4, 5, 6] });
});

test("every filter of the standard is undone", async () => {
  const { pixels } = await readPng(
    png({ width: 3 }, [
      [0, 10, 20, 30],
      [1, 10, 1, 1], // left: 10 11 12
      [2, 1, 1, 1], // up: 11 12 13
      [3, 5, 4, 4], // mean of left and up: 10 15 18
      [4, 1, 1, 1], // Paeth's guess
    ]),
  );
  assert.deepEqual([...pixels.slice(3)], [10, 11, 12, 11, 12, 13, 10, 15, 18, 11, 16, 19]);
});

test("above the first line there is nothing", async () => {
  const first = async (filter) => [...(await readPng(png({ width: 2 }, [[filter, 10, 10]]))).pixels];
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(first)), [
    [10, 20],
    [10, 10],
    [10, 15],
    [10, 20],
  ]);
});

test("sums go round at 256, as the standard wants", async () => {
  const { pixels } = await readPng(png({ width: 2 }, [[1, 200, 100]]));
  assert.deepEqual([...pixels], [200, 44]);
});

test("several pixels in a byte are taken apart, whatever the width", async () => {
  const four = await readPng(
    png({ width: 3, bits: 4, colour: 3 }, [
      [0, 0x1a, 0x50],
      [0, 0x2b, 0x60],
    ]),
  );
  assert.deepEqual([...four.pixels], [1, 10, 5, 2, 11, 6]);
  const one = await readPng(png({ width: 9, bits: 1, colour: 3 }, [[0, 0b10100000, 0b10000000]]));
  assert.deepEqual([...one.pixels], [1, 0, 1, 0, 0, 0, 0, 0, 1]);
});

test("data in several chunks is one stream", async () => {
  const { pixels } = await readPng(png({ width: 4 }, [[0, 9, 8, 7, 6]], 5));
  assert.deepEqual([...pixels], [9, 8, 7, 6]);
});

test("what is no PNG, another sort of PNG, or a broken one is refused", async () => {
  await assert.rejects(readPng(new TextEncoder().encode("<html>not a picture</html>").buffer), /no PNG/);
  await assert.rejects(readPng(png({ width: 1, colour: 2 }, [[0, 1, 2, 3]])), /another sort/);
  await assert.rejects(readPng(png({ width: 1, interlace: 1 }, [[0, 1]])), /another sort/);
  await assert.rejects(readPng(png({ width: 9 }, [[0, 1, 2]])), /truncated/);
});
