// A worker's `methods`, called as if they were here.

export class Calls {
  #worker;
  #calls = new Map();
  #next = 0;

  /** `onNews` hears what the worker tells without being asked. */
  constructor(worker, onNews = (_news) => {}) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data: { call, answer, error, news } }) => {
      if (news) return onNews(news);
      const waiting = this.#calls.get(call);
      this.#calls.delete(call);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(Object.assign(new Error(), error));
    });
  }

  call(method, ...values) {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#worker.postMessage({ call, method, values });
    });
  }

  /** Who waits for an answer waits no more. */
  forget() {
    this.#calls.clear();
  }
}

/** In the worker: answer to calls of `methods`. */
export function answerCalls(methods) {
  addEventListener("message", async ({ data: { call, method, values } }) => {
    try {
      const answer = await methods[method](...values);
      const bitmaps = Object.values(answer ?? {})
        .flat()
        .filter((part) => part instanceof ImageBitmap);
      postMessage({ call, answer }, { transfer: bitmaps }); // handed over, not copied
    } catch (error) {
      const { message, refused } = error;
      postMessage({ call, error: { message, refused } });
    }
  });
}
