// The worker, as the page calls it, and what it has handed over: too large for the state.

export class Pixels {
  photo = null; // levels: see `worker.js`
  maps = new Map(); // name to { ids, confidence }
  pictures = new Map(); // name to { key, levels, places }
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  #calls = new Map();
  #next = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data: { call, answer, error } }) => {
      const waiting = this.#calls.get(call);
      this.#calls.delete(call);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(Object.assign(new Error(), error));
    });
  }

  /** Another comparison: what is here of the last goes, and who waits for more of it waits no more. */
  begin({ width, height }) {
    const pictures = [...this.pictures.values()].map(({ levels }) => levels);
    for (const bitmap of [this.photo, ...pictures].flat()) bitmap?.close();
    this.photo = null;
    this.maps.clear();
    this.pictures.clear();
    this.#calls.clear();
    this.call("begin", width, height);
  }

  /** What one of the worker's `methods` answers. */
  call(method, ...values) {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#worker.postMessage({ call, method, values });
    });
  }
}
