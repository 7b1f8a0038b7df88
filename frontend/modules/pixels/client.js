// The worker, as the page calls it: `await pixels.call("maps", …)`.

/** Answers of a comparison that is no longer shown never arrive: see `begin`. */
export class Pixels {
  constructor() {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.calls = new Map();
    this.next = 0;
    this.worker.addEventListener("message", ({ data: { call, answer, error } }) => {
      const waiting = this.calls.get(call);
      this.calls.delete(call);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(error));
    });
  }

  /** Another comparison: whoever waits for something of the last waits no more. */
  begin(width, height) {
    this.calls.clear();
    this.worker.postMessage({ call: null, method: "begin", values: [width, height] });
  }

  /**
   * Run one of the worker's `methods`.
   * @returns {Promise<any>} what it answers; rejects with an Error when it fails
   */
  call(method, ...values) {
    const call = this.next++;
    return new Promise((resolve, reject) => {
      this.calls.set(call, { resolve, reject });
      this.worker.postMessage({ call, method, values });
    });
  }
}
