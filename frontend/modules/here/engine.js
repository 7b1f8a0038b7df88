// The engine as the page calls it: one worker, begun when it is first wanted.

import { Calls } from "../calls.js";

const ENGINE = "engine/1.30.0/"; // the version of onnxruntime-web in package.json
export const PRECISION = "float32"; // in WebAssembly quicker than int8

/** Not what somebody brought (`graph`): its input and answer may have any form. */
export const canRun = (/** @type {Card} */ { networks, graph }) => !graph && Boolean(networks?.sha256[PRECISION]);

/** Where a model's network lies on our own origin. */
function networkOf({ name, networks, weights, input, temperature }) {
  const sha256 = networks.sha256[PRECISION];
  const url = new URL(`networks/${name}-${sha256.slice(0, 16)}.onnx`, document.baseURI).href;
  return {
    name,
    input,
    temperature,
    weights: weights?.sha256,
    url,
    sha256,
    base: new URL(ENGINE, document.baseURI).href,
  };
}

export class Engine {
  threads = null; // once a network has been loaded
  #calls = null;
  #files = new Map(); // address to its bytes, and those of them that have come
  #onFetched = (_share) => {};

  /** Have a model's network ready; `onFetched` hears what share has come of all that is being fetched. */
  async load(card, onFetched) {
    this.#onFetched = onFetched;
    this.threads = await this.#call("load", networkOf(card));
  }

  #call(method, ...values) {
    if (this.#calls?.isDead) this.#calls = null;
    this.#calls ??= new Calls(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), (news) =>
      this.#hear(news),
    );
    return this.#calls.call(method, ...values);
  }

  #hear({ url, bytes, all }) {
    this.#files.set(url, { bytes, all });
    const files = [...this.#files.values()];
    const sum = (key) => files.reduce((total, file) => total + file[key], 0);
    this.#onFetched(sum("bytes") / sum("all"));
  }

  photo(blob) {
    return this.#call("photo", blob);
  }

  /** What networks make of a picture, which is handed over. */
  frame(bitmap, cards, options) {
    return this.#call("frame", bitmap, cards.map(networkOf), options);
  }

  segment(card, size, palette) {
    return this.#call("segment", networkOf(card), size, palette);
  }
}

export const engine = new Engine();
