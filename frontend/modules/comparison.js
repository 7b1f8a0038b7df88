// Begins comparisons and follows them; what comes of it goes into the state.
//
// A subject is what a comparison is of; `what` gives what the API is asked with, `sent` how many bytes left the device.

import * as api from "./api.js";
import { readyModels, WHOLE } from "./state.js";

const sampleSubject = ({ id, sha256, title, description: about, alt, width, height, image: address }) => ({
  ...{ kind: "sample", id: sha256, sample: id, title, about, alt, width, height, address },
  what: () => ({ sample: id }),
});

const photoSubject = ({ image, width, height, id }) => ({
  ...{ kind: "photo", id, title: "Your photo", alt: "Your photo", width, height, image, sent: image.size },
  what: () => ({ image }),
});

const linkSubject = ({ id, image: { href, bytes }, result_size: { width, height } }) => ({
  ...{ kind: "link", id, title: "A shared photo", alt: "A shared photo", width, height, address: href, sent: bytes },
  what: async () => ({ image: await (await fetch(href)).blob() }),
});

export class Comparisons {
  #abort = new AbortController();
  #loads = 0; // that are under way
  #asked = new Set(); // addresses of label maps that are here or on their way

  constructor(store, pixels) {
    Object.assign(this, { store, pixels });
  }

  openSample(sample, patch = { view: WHOLE }) {
    this.#begin(sampleSubject(sample), patch);
    return this.again();
  }

  async openPhoto(file) {
    const signal = this.#renew();
    this.store.set({ phase: "preparing", began: performance.now(), error: null, preview: file });
    let prepared;
    try {
      prepared = await this.pixels.call("prepare", file);
    } catch (error) {
      if (signal.aborted) return;
      const problem = { title: "This cannot be read as a photo", detail: error.message };
      this.store.set({ phase: this.store.state.comparison ? "done" : "stopped", preview: null, error: { problem } });
      return;
    }
    if (signal.aborted) return;
    this.#begin(photoSubject(prepared), { view: WHOLE, preview: null }, prepared.levels);
    await this.again();
  }

  /** Show what a link points to; false when that is gone. */
  async openLink(id, patch) {
    const signal = this.#renew();
    const document = await api.comparison(id);
    if (signal.aborted) return true;
    if (document === null) {
      this.store.set({ error: api.expired() });
      return false;
    }
    this.#begin(linkSubject(document), patch);
    this.#update(document, true);
    if (document.status === "done") this.store.set({ phase: "done" });
    else await this.again();
    return true;
  }

  /** Whoever has answered before is not asked again. */
  again() {
    return this.#ask({});
  }

  retryModel(name) {
    const { retrying } = this.store.state;
    this.store.set({ retrying: [...retrying, name] });
    return this.#ask({ models: [name] });
  }

  cancel() {
    this.#renew();
    this.store.set({ phase: "done", preview: null, retrying: [] });
    if (this.store.state.comparison) return;
    this.#fail({ problem: { title: "Cancelled", detail: "Nothing is lost: your photo is kept here." } });
  }

  #renew() {
    this.#abort.abort();
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  #begin(subject, patch, levels = null) {
    this.pixels.begin(subject, levels);
    this.#asked.clear();
    this.#loads = 0;
    this.store.set({
      ...patch,
      subject,
      comparison: null,
      retrying: [],
      uploadMs: null,
      disputed: null,
      cursor: null,
      pinned: false,
      region: null,
      ready: levels ? { photo: {} } : {},
    });
    if (!levels) this.#load("photo", "photo", subject.address);
  }

  async #ask(more) {
    const signal = this.#renew();
    const { subject } = this.store.state;
    const sends = subject.kind === "photo";
    const began = performance.now();
    this.store.set({ phase: sends ? "uploading" : "waiting", began, progress: 0, error: null });
    try {
      await api.follow(
        subject.id,
        { ...(await subject.what()), ...more },
        {
          signal,
          onProgress: (progress) => sends && !signal.aborted && this.#progress(progress, began),
          onUpdate: (document, final) => !signal.aborted && this.#update(document, final),
        },
      );
      if (!signal.aborted) this.store.set({ phase: "done" });
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #progress(progress, began) {
    const now = performance.now();
    if (this.store.state.phase !== "uploading") return;
    if (progress < 1) this.store.set({ progress });
    else this.store.set({ progress, phase: "waiting", began: now, uploadMs: now - began });
  }

  #fail({ problem, retryAfter, message }) {
    const told = problem ?? { title: "Something went wrong", detail: message };
    this.store.set({ phase: "stopped", retrying: [], error: { problem: told, retryAfter, again: "comparison" } });
  }

  /** `final` is false while the request that asks for it is still open. */
  #update(document, final) {
    const { subject, retrying, usual } = this.store.state;
    const answers = Object.entries(document.models);
    const woken = answers.filter(([, { init_ms: init }]) => init);
    this.store.set({
      comparison: document,
      retrying: final ? [] : retrying,
      subject: subject.id ? subject : { ...subject, id: document.id },
      usual: {
        ...usual,
        ...Object.fromEntries(woken.map(([name, { init_ms: init, timings_ms: t }]) => [name, init + t.total])),
      },
    });
    for (const [name, { links }] of answers) if (links) this.#loadMaps(name, links.labels, links.confidence);
    if (document.truth) this.#loadMaps("truth", document.truth.href, null);
  }

  #loadMaps(name, labels, confidence) {
    if (this.#asked.has(labels)) return;
    this.#asked.add(labels);
    this.#load("maps", name, labels, confidence);
  }

  async #load(method, name, ...addresses) {
    this.#loads++;
    try {
      const answer = await this.pixels.call(method, ...(method === "maps" ? [name] : []), ...addresses);
      if (method === "photo") this.pixels.photo = answer;
      else this.pixels.maps.set(name, answer);
      this.store.set({ ready: { ...this.store.state.ready, [name]: { counts: answer.counts } } });
    } catch (error) {
      this.#asked.delete(addresses[0]);
      this.#fail(new Error(`${error.message} Try again; nothing is lost.`));
    }
    // Last, since it takes longest: the pictures come first.
    const names = readyModels(this.store.state);
    if (--this.#loads === 0 && names.length > 1)
      this.store.set({ disputed: await this.pixels.call("disputed", names) });
  }
}
