import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_LOOK, hashOf, readHash } from "../../frontend/modules/link.js";
import { placeOf } from "../../frontend/modules/panel/differences.js";
import { curlOf, pythonOf } from "../../frontend/modules/panel/downloads.js";
import { explanation, kindOf } from "../../frontend/modules/photo/prepare.js";
import { Store, statusOf } from "../../frontend/modules/state.js";
import {
  count,
  dollars,
  fetched,
  fraction,
  kilobytes,
  listed,
  milliseconds,
  percent,
} from "../../frontend/modules/words.js";

const latin = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const KNOWN = {
  classes: [{ name: "road" }, { name: "car" }, { name: "sky" }],
  samples: [{ id: "dusk" }, { id: "rain" }],
  known: [{ name: "enet" }, { name: "swiftnet" }],
};
const STATE = {
  ...KNOWN,
  models: KNOWN.known.slice(0, 1),
  subject: { kind: "sample", sample: "rain", id: "a".repeat(64) },
  mode: "slider",
  layer: "labels",
  pair: ["enet", "truth"],
  view: { x: 0.25, y: 0.75, scale: 2 },
  hidden: ["sky"],
};

test("a link read back is what was linked to", () => {
  const { sample, patch } = readHash(`#${hashOf(STATE)}`, KNOWN);
  assert.equal(sample.id, "rain");
  const { mode, pair, view, hidden, models } = STATE;
  assert.deepEqual(patch, { mode, pair, view, hidden, models });
  const everybody = { ...STATE, models: KNOWN.known };
  assert.ok(!hashOf(everybody).includes("models="));
});

test("a link of version 0.1.0 opens what it opened, by all models and painted as it is by now", () => {
  const old = "#sample=rain&mode=slider&layer=errors&pair=enet,truth&view=0.25,0.75,2&classes=road,car";
  const { sample, patch } = readHash(old, KNOWN);
  assert.equal(sample.id, "rain");
  const { mode, pair, view, hidden } = STATE;
  assert.deepEqual(patch, { mode, layer: "errors", pair, view, hidden, models: KNOWN.known });
});

test("a link to a photo holds its id", () => {
  const hash = hashOf({ ...STATE, subject: { kind: "photo", id: "b".repeat(64) } });
  assert.equal(readHash(`#${hash}`, KNOWN).photo, "b".repeat(64));
});

test("a link holds how it is painted, where that was changed", () => {
  const look = {
    palette: "cityscapes",
    opacity: 0.35,
    threshold: 0.5,
    divider: 0.25,
    outline: true,
    names: false,
    face: 0,
  };
  const { patch } = readHash(`#${hashOf({ ...STATE, ...look })}`, KNOWN);
  assert.deepEqual(Object.fromEntries(Object.keys(look).map((key) => [key, patch[key]])), look);
  assert.doesNotMatch(hashOf({ ...STATE, ...FIRST_LOOK }), /palette|opacity|threshold|divider|outline|names|face/);
  const strange = "#opacity=2&threshold=&divider=x&palette=neon&outline=maybe&names=1&face=7";
  assert.deepEqual(Object.keys(readHash(strange, KNOWN).patch).sort(), Object.keys(readHash("", KNOWN).patch).sort());
});

test("a link that means harm asks for nothing", () => {
  for (const word of ["constructor", "__proto__", "toString", "length", "%E0%A4%A", "NaN", "1e999", "<script>", ""]) {
    const all = ["palette", "opacity", "threshold", "divider", "outline", "names", "face", "mode", "layer", "pair"];
    const hash = [...all, "view", "sample", "photo", "models"].map((key) => `${key}=${word}`).join("&");
    const { sample, photo, patch } = readHash(`#${hash}`, KNOWN);
    assert.deepEqual([sample, photo], [undefined, undefined]);
    assert.deepEqual(Object.keys(patch), ["view", "hidden", "models"], word);
  }
});

test("nonsense in a link is left out", () => {
  const { sample, photo, patch } = readHash(
    "#sample=none&photo=../x&models=virus&mode=fly&pair=enet,virus&view=1,NaN,-2&layer=%3C",
    KNOWN,
  );
  assert.deepEqual([sample, photo], [undefined, undefined]);
  assert.deepEqual(patch, { view: { x: 0.5, y: 0.5, scale: 1 }, hidden: [], models: KNOWN.known });
});

test("files are called what they are, and HEIC is explained", () => {
  assert.equal(kindOf(latin("\0\0\0\x18ftypheic....")), "a HEIC photo");
  assert.match(explanation(latin("\0\0\0\x18ftypheic....")), /Most Compatible/);
  assert.match(explanation(latin("%PDF-1.7")), /a PDF document/);
  assert.match(explanation(latin("\xff\xd8\xff\xe0")), /broken/);
  assert.match(explanation(latin("")), /empty/);
  assert.match(explanation(latin("hello")), /not a photo/);
});

test("a store tells once of all changes of a turn, and of nothing that stayed", async () => {
  const store = new Store({ a: 1, b: 1 });
  const told = [];
  store.on(["a"], ({ a, b }) => told.push([a, b]));
  store.set({ a: 2 });
  store.set({ b: 5, a: 3 });
  await null;
  store.set({ a: 3 });
  store.set({ b: 6 });
  await null;
  assert.deepEqual(told, [
    [1, 1],
    [3, 5],
  ]);
});

test("a model is waited for only while the comparison goes on, or it is asked again", () => {
  const comparison = { models: { enet: { status: "running" }, swiftnet: { status: "ok" } } };
  const stands = (phase, retrying = []) =>
    ["enet", "swiftnet"].map((name) => statusOf({ phase, retrying, comparison }, name));
  assert.deepEqual(stands("waiting"), ["running", "ok"]);
  for (const phase of ["done", "stopped"]) assert.deepEqual(stands(phase), ["none", "ok"]);
  assert.deepEqual(stands("done", ["enet"]), ["running", "ok"]);
});

test("a listener that throws is reported, and the others hear of the state", async () => {
  const reported = [];
  globalThis.reportError = ({ message }) => reported.push(message);
  const store = new Store({ a: 1 });
  const told = [];
  store.on(["a"], ({ a }) => {
    throw new Error(`at ${a}`);
  });
  store.on(["a"], ({ a }) => told.push(a));
  store.set({ a: 2 });
  await null;
  delete globalThis.reportError;
  assert.deepEqual(
    [reported, told],
    [
      ["at 1", "at 2"],
      [1, 2],
    ],
  );
});

test("numbers are said as people say them", () => {
  assert.equal(milliseconds(999.4), "999\u00a0ms");
  assert.equal(milliseconds(2040), "2.0\u00a0s");
  assert.equal(kilobytes(512_300), "512 kB");
  assert.equal(dollars(0.000349), "$0.000349");
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
  assert.equal(placeOf({ x: 90, y: 0, width: 10, height: 10 }, { width: 100, height: 100 }), "upper right");
  assert.equal(placeOf({ x: 40, y: 40, width: 20, height: 20 }, { width: 100, height: 100 }), "centre");
});

test("requests name what they are about", () => {
  const origin = "https://example.org";
  assert.equal(curlOf(origin, STATE.subject), "curl -F sample=rain https://example.org/v1/comparisons");
  const photo = { kind: "photo", id: "c".repeat(64) };
  assert.match(curlOf(origin, photo, ["enet", "swiftnet"]), /-F image=@photo\.jpg -F models=enet,swiftnet /);
  assert.match(pythonOf(origin, photo, ["enet"]), /files=\{"image".*\}, data=\{"models": "enet"\}, timeout/);
  assert.match(curlOf(origin, photo), /curl -o photo\.jpg .*c{64}\/image\ncurl -F image=@photo\.jpg/);
  assert.match(pythonOf(origin, STATE.subject), /files=\{"sample": \(None, "rain"\)\}/);
  assert.match(pythonOf(origin, photo), /c{64}\/image.*\n.*files=\{"image": \("photo\.jpg", photo\)\}/);
});

test("no number says all for less, or nothing for something", () => {
  const said = (share, digits) => percent(share, digits).replace("\u00a0", " ");
  assert.deepEqual(
    [1, 0.9996, 0.99949, 0.0001, 0].map((share) => said(share)),
    ["100.0 %", ">99.9 %", "99.9 %", "<0.1 %", "0.0 %"],
  );
  assert.deepEqual(
    [0.996, 0.004, 1].map((share) => said(share, 0)),
    [">99 %", "<1 %", "100 %"],
  );
  assert.deepEqual(
    [0.999, 1, 0.001].map((share) => fraction(share)),
    [">0.99", "1.00", "<0.01"],
  );
  assert.deepEqual([1, 4, 12].map(count), ["one", "four", "12"]);
});

test("what is being fetched never seems to be there before it is", () => {
  assert.equal(fetched(0), "Getting the engine and the networks ready…");
  assert.match(fetched(0.5), /once: 50/);
  assert.match(fetched(0.9999), /once: >99/);
});
