import assert from "node:assert/strict";
import { test } from "node:test";

import { Comparisons } from "../../frontend/modules/comparison.js";
import { INITIAL, Store } from "../../frontend/modules/state.js";

const MODELS = ["enet", "fast_scnn", "swiftnet"].map((name) => ({ name, title: name }));
const SAMPLE = { id: "rain", sha256: "a", title: "Rain", description: "", image: "rain.jpg", width: 4, height: 2 };
const PREPARED = { id: "b", title: "Your photo", width: 4, height: 2 };
const never = new Promise(() => {});
const requests = [];

// What the page has of a browser: its requests are never answered here.
Object.assign(globalThis, {
  XMLHttpRequest: class {
    upload = {};
    constructor() {
      requests.push(this);
    }
    open() {}
    send() {}
    abort() {
      this.isAborted = true;
    }
    setRequestHeader() {}
  },
  fetch: () => never,
});

/** Comparisons of three models, and what their worker is asked; it answers what a test says of each. */
function comparing(state = {}, answers = {}) {
  const called = [];
  const pixels = {
    maps: new Map(),
    begin() {},
    call(name, ...values) {
      called.push([name, ...values]);
      return answers[name] ?? never;
    },
  };
  const store = new Store({
    ...INITIAL,
    known: MODELS,
    models: MODELS,
    limits: {},
    pair: ["photo", "swiftnet"],
    ...state,
  });
  return { store, called, comparisons: new Comparisons(store, pixels) };
}

const own = () => ({ ...PREPARED, image: new Blob(["photo"]), file: new Blob(["file"]), sent: 5 });

test("slider and blink show no truth of a photo that has none", () => {
  const { store, comparisons } = comparing({ pair: ["enet", "truth"] });
  comparisons.openSample(SAMPLE);
  assert.deepEqual(store.state.pair, ["enet", "truth"]);
  comparisons.openPrepared(own());
  assert.deepEqual(store.state.pair, ["enet", "swiftnet"]);
});

test("slider and blink show no model that a link leaves out", () => {
  const { store, comparisons } = comparing({ models: MODELS.slice(0, 2) });
  comparisons.openSample(SAMPLE);
  assert.deepEqual(store.state.pair, ["photo", "fast_scnn"]);
  comparisons.choose(MODELS.slice(0, 1));
  assert.deepEqual(store.state.pair, ["photo", "enet"]);
  store.set({ pair: ["photo", "swiftnet"] });
  comparisons.choose(MODELS.slice(0, 1));
  assert.deepEqual(store.state.pair, ["photo", "enet"], "even where the models stay");
});

test("models that change while a photo is made ready do not keep it from coming", async () => {
  let prepared;
  const { store, comparisons } = comparing({}, { prepare: new Promise((resolve) => (prepared = resolve)) });
  comparisons.openSample(SAMPLE);
  const opened = comparisons.openPhoto(new Blob(["file"]));
  comparisons.choose(MODELS.slice(0, 2));
  prepared(own());
  await opened;
  assert.equal(store.state.subject.id, "b");
  assert.equal(store.state.preview, null);
});

test("what is disputed is told of the models that run here, once one is switched off", async () => {
  const ready = { photo: {}, enet: {}, fast_scnn: {}, swiftnet: {} };
  const { store, called, comparisons } = comparing({ place: "here" }, { disputed: { all: 0.5 } });
  comparisons.openSample(SAMPLE);
  store.set({ ready });
  comparisons.choose(MODELS.slice(0, 2));
  await null;
  await null;
  assert.deepEqual(called.at(-1), ["disputed", ["enet", "fast_scnn"]]);
  assert.deepEqual(store.state.disputed, { all: 0.5 });
});

test("a photo that the server has, answered or not, is not said to have stayed here", () => {
  const { store, comparisons } = comparing();
  for (const isWhole of [false, true]) {
    store.set({ place: "there" });
    comparisons.openPrepared({ ...own(), id: String(isWhole) });
    if (isWhole) requests.at(-1).upload.onload();
    store.set({ place: "here" });
    comparisons.elsewhere();
    assert.equal(Boolean(store.state.subject.local), !isWhole);
  }
});

test("a photo that is cancelled while it is made ready is what is tried again, whatever is on show", () => {
  for (const comparison of [null, { status: "done", models: {} }]) {
    const { store, called, comparisons } = comparing();
    comparisons.openSample(SAMPLE);
    store.set({ comparison });
    const file = new Blob(["file"]);
    comparisons.openPhoto(file, true);
    comparisons.cancel();
    const { phase, preview, error } = store.state;
    assert.deepEqual([phase, preview, error?.problem.title], ["stopped", null, "Cancelled"]);
    error.again();
    assert.equal(store.state.preview, file);
    assert.deepEqual(called.at(-1), ["prepare", file, {}]);
  }
});

test("a request whose photo has arrived is not broken off: the token to delete it by is still to come", () => {
  for (const hasArrived of [false, true]) {
    const { comparisons } = comparing();
    comparisons.openPrepared({ ...own(), id: `token ${hasArrived}` });
    const request = requests.at(-1);
    if (hasArrived) request.upload.onload();
    comparisons.again();
    assert.equal(Boolean(request.isAborted), !hasArrived);
  }
});

test("what is painted while the place changes is forgotten with the picture that it was of", () => {
  const { store, comparisons } = comparing();
  comparisons.openSample(SAMPLE);
  const before = store.state.subject;
  store.set({ place: "here" });
  comparisons.elsewhere();
  assert.notEqual(store.state.subject, before);
  assert.deepEqual(store.state.subject, before);
});

test("a link that fails once something else is shown says nothing of that", async () => {
  const { store, comparisons } = comparing();
  const opened = comparisons.openLink("c".repeat(64), null);
  const request = requests.at(-1);
  comparisons.openSample(SAMPLE);
  Object.assign(request, { status: 500, getResponseHeader: () => null }).onload();
  assert.equal(await opened, true);
  assert.equal(store.state.subject.sample, SAMPLE.id);
});
