// The worker, as the page calls it, and what it has handed over: too large for the state.

import { Calls } from "../calls.js";

export class Pixels {
  photo = null; // levels: see `worker.js`
  maps = new Map(); // name to { ids, confidence }
  pictures = new Map(); // name to { key, levels, places }
  #calls = new Calls(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

  /** Begins another comparison: what is here of the last goes, and nobody waits for more of it. */
  begin({ width, height }) {
    const pictures = [...this.pictures.values()].map(({ levels }) => levels);
    for (const bitmap of [this.photo, ...pictures].flat()) bitmap?.close();
    this.photo = null;
    this.maps.clear();
    this.pictures.clear();
    this.#calls.forget();
    this.call("begin", width, height);
  }

  /** The answer of one of the worker's `methods`. */
  call(method, ...values) {
    return this.#calls.call(method, ...values);
  }
}
