// A worker's `methods`, called as if they were here.

export class Calls {
  #worker;
  #calls = new Map();
  #next = 0;
  isDead = false;

  /** `onNews` gets what the worker sends unasked. */
  constructor(worker, onNews = (_news) => {}) {
    this.#worker = worker;
    worker.addEventListener("error", ({ message }) => this.#die(message));
    worker.addEventListener("message", ({ data: { call, answer, error, news } }) => {
      if (news) return onNews(news);
      const waiting = this.#calls.get(call);
      this.#calls.delete(call);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(Object.assign(new Error(), error));
    });
  }

  /** Its file is missing, or it crashed: pending calls fail. */
  #die(message = "A part of the page could not be loaded. Reload the page.") {
    this.isDead = true;
    for (const { reject } of this.#calls.values()) reject(new Error(message));
    this.#calls.clear();
  }

  call(method, ...values) {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#worker.postMessage({ call, method, values });
    });
  }

  /** Ends the worker, with all that it holds. */
  end() {
    this.#worker.terminate();
    this.#die("It was ended.");
  }

  /** Drops pending calls. */
  forget() {
    this.#calls.clear();
  }
}

/** Answer calls of `methods`, in the worker. */
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
