// Has the worker load the pictures of a comparison, each once; what has come goes into the state.

import { readyModels } from "../state.js";
import { radiusFor } from "./settle.js";

export class Pictures {
  #asked = new Set(); // names of those that are here or on their way

  /** `onLost` hears of one that could not be loaded. */
  constructor(/** @type {Store} */ store, pixels, onLost) {
    this.store = store;
    this.pixels = pixels;
    this.onLost = onLost;
  }

  /** Another subject's; `levels` where its photo is decoded already. */
  begin(subject, levels) {
    this.pixels.begin(subject);
    this.#asked.clear();
    this.#load("photo", () => levels ?? this.pixels.call("photo", subject.image));
  }

  /** Those that a comparison has by now. */
  update({ models, truth }) {
    for (const [name, { links }] of Object.entries(models))
      if (links)
        this.#load(name, () => this.pixels.call("maps", name, this.#radius(name), links.labels, links.confidence));
    if (truth) this.#load("truth", () => this.pixels.call("maps", "truth", 0, truth.href));
  }

  /** Last, since it takes longest: the pictures come first. */
  async dispute() {
    await null; // the store tells of the last picture first, so that the panes ask for theirs
    const { state } = this.store;
    const names = readyModels(state);
    if (Object.keys(state.ready).length < this.#asked.size) return;
    this.store.set({ disputed: names.length > 1 ? await this.pixels.call("disputed", names) : null });
  }

  #radius(name) {
    const { models, subject } = this.store.state;
    return radiusFor(models.find((model) => model.name === name)?.input, subject);
  }

  async #load(name, call) {
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    try {
      const answer = await call();
      if (name === "photo") this.pixels.photo = answer;
      else this.pixels.maps.set(name, answer);
      this.store.set({ ready: { ...this.store.state.ready, [name]: { counts: answer.counts } } });
    } catch ({ message }) {
      this.#asked.delete(name);
      this.onLost(new Error(`${message} Try again; nothing is lost.`));
    }
    this.dispute();
  }
}
