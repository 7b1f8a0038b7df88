// The engine as the page calls it: one worker, begun when it is first wanted.

import { Calls } from "../calls.js";

const ENGINE = "engine/1.30.0/"; // the version of onnxruntime-web in package.json
export const PRECISION = "float32"; // in WebAssembly quicker than int8

export const canRun = (/** @type {Card} */ { networks }) => Boolean(networks?.sha256[PRECISION]);

/** What the worker is told of a model: where its network lies on our own origin, what it takes and gives. */
function toldOf({ name, networks, weights, input, temperature, class_weights, platt_scaling, graph, as }, classes) {
  const sha256 = networks.sha256[PRECISION];
  const url = new URL(`networks/${name}-${sha256.slice(0, 16)}.onnx`, document.baseURI).href;
  return {
    name,
    input,
    temperature,
    class_weights,
    platt_scaling,
    graph,
    shared: graph && as.map((/** @type {string} */ each) => indexOrNull(classes, each)),
    weights: weights?.sha256,
    url,
    sha256,
    base: new URL(ENGINE, document.baseURI).href,
  };
}

export class Engine {
  threads = null; // once a network has been loaded
  #calls = null;
  #loading = 0;
  #photos = 0; // how many were decoded
  #works = false; // once a network has been loaded
  #files = new Map(); // address to the bytes of it that have come, and how many there are, if that is known yet
  #onFetched = (_share) => {};

  /** Have a model's network ready; `onFetched` hears what share has come of all that is being fetched: 0 if unknown, or no more. */
  async load(card, classes, onFetched) {
    const told = toldOf(card, classes);
    this.#onFetched = onFetched;
    this.#loading++;
    try {
      this.threads = await this.#call("load", told);
      this.#works = true;
    } catch (error) {
      this.#files.delete(told.url); // it is not to come any more
      throw error;
    } finally {
      if (--this.#loading === 0) {
        this.#files.clear();
        // What failed once in a worker may fail there for good: the runtime does not begin twice.
        if (!this.#works) this.#end();
      }
    }
  }

  #end() {
    this.#calls?.end();
    this.#calls = null;
  }

  #call(method, ...values) {
    if (this.#calls?.isDead) {
      this.#calls = null;
      this.#works = false;
    }
    this.#calls ??= new Calls(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), (news) =>
      this.#hear(news),
    );
    return this.#calls.call(method, ...values);
  }

  #hear({ url, bytes, all }) {
    this.#files.set(url, { bytes, all });
    const files = [...this.#files.values()];
    const sum = (key) => files.reduce((total, file) => total + file[key], 0);
    // Those that come first are not to seem all.
    this.#onFetched(files.every((file) => file.all) ? (sum("bytes") / sum("all")) % 1 : 0);
  }

  /** Have a photo decoded, for `segment`; who asked before may still be at work on another. */
  async photo(blob) {
    const key = this.#photos++;
    return { key, ...(await this.#call("photo", key, blob)) };
  }

  /** What a photo took is free again. */
  forget({ key }) {
    return this.#call("forget", key);
  }

  /** What networks make of a picture, which is used up. */
  frame(bitmap, cards, options) {
    const names = cards.map(({ name }) => name);
    const answer = this.#call("frame", bitmap, names, options);
    bitmap.close(); // the worker has its own by now; left to itself this one would stay for long
    return answer;
  }

  segment({ name }, { key }, size, palette) {
    return this.#call("segment", name, key, size, palette);
  }
}

const indexOrNull = (classes, name) => {
  const at = classes.findIndex((each) => each.name === name);
  return at < 0 ? null : at;
};

export const engine = new Engine();
