// Begins comparisons and follows them; what comes of it goes into the state.

import * as api from "../api/client.js";
import { follow } from "../api/follow.js";
import { ApiError, expired } from "../api/problems.js";
import { WHOLE } from "../state/initial.js";
import { readyModels } from "../state/pictures.js";
import { linkSubject, photoSubject, sampleSubject } from "./subjects.js";

export class Comparisons {
  #abort = new AbortController();
  #loads = 0; // that are under way
  #asked = new Set(); // addresses of label maps that are loaded or being loaded

  /**
   * @param {Store} store
   * @param {Pixels} pixels
   * @param {Loaded} loaded
   */
  constructor(store, pixels, loaded) {
    Object.assign(this, { store, pixels, loaded });
  }

  openSample(sample, patch = { view: WHOLE }) {
    this.#begin(sampleSubject(sample), patch);
    return this.again();
  }

  /** Make a visitor's file ready, show it, send it. */
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

  /**
   * Show what a link points to.
   * @returns {Promise<boolean>} false when it is gone
   */
  async openLink(id, patch) {
    const signal = this.#renew();
    const document = await api.comparison(id);
    if (signal.aborted) return true;
    if (document === null) {
      this.store.set({ error: { problem: expired() } });
      return false;
    }
    this.#begin(linkSubject(document), patch);
    this.#update(document, true);
    if (document.status === "done") this.store.set({ phase: "done" });
    else await this.again();
    return true;
  }

  /** Ask for the comparison on show, anew if it was asked for before: whoever has answered is not asked again. */
  again() {
    const { subject } = this.store.state;
    return this.#ask(this.#renew(), subject, {});
  }

  /** Ask one model again, for itself. */
  retryModel(name) {
    const { subject, retrying } = this.store.state;
    this.store.set({ retrying: [...retrying, name] });
    return this.#ask(this.#renew(), subject, { models: [name] });
  }

  cancel() {
    this.#renew();
    this.store.set({ phase: "stopped", preview: null, retrying: [] });
  }

  #renew() {
    this.#abort.abort();
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  #begin(subject, patch, levels = null) {
    this.pixels.begin(subject.width, subject.height);
    this.loaded.clear();
    this.#asked.clear();
    this.#loads = 0;
    this.loaded.photo = levels;
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

  async #ask(signal, subject, more) {
    const sends = subject.kind === "photo";
    const began = performance.now();
    this.store.set({ phase: sends ? "uploading" : "waiting", began, progress: 0, error: null });
    try {
      await follow(
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
      if (signal.aborted || error.name === "AbortError") return;
      this.#fail(error);
    }
  }

  #progress(progress, began) {
    const { phase } = this.store.state;
    if (phase !== "uploading") return;
    if (progress < 1) this.store.set({ progress });
    else this.store.set({ progress, phase: "waiting", began: performance.now(), uploadMs: performance.now() - began });
  }

  #fail(error) {
    const problem =
      error instanceof ApiError ? error.problem : { title: "Something went wrong", detail: `${error.message}` };
    const again = { problem, retryAfter: error.retryAfter ?? null, again: "comparison" };
    this.store.set({ phase: "stopped", retrying: [], error: again });
  }

  /** Take over a document; `final` is false while the request that asks for it is still open. */
  #update(document, final) {
    const { subject, retrying, usual } = this.store.state;
    const patch = { comparison: document, retrying: final ? [] : retrying };
    if (!subject.id) patch.subject = { ...subject, id: document.id };
    const woken = Object.entries(document.models).filter(([, answer]) => answer.init_ms);
    patch.usual = {
      ...usual,
      ...Object.fromEntries(woken.map(([name, answer]) => [name, answer.init_ms + answer.timings_ms.total])),
    };
    this.store.set(patch);
    for (const [name, { links }] of Object.entries(document.models)) {
      if (links) this.#loadMaps(name, links.labels, links.confidence);
    }
    if (document.truth) this.#loadMaps("truth", document.truth.href, null);
  }

  #loadMaps(name, labels, confidence) {
    if (this.#asked.has(labels)) return;
    this.#asked.add(labels);
    this.#load("maps", name, labels, confidence);
  }

  /** Have the worker load a picture; says in the state that it is there. */
  async #load(method, name, ...addresses) {
    this.#loads++;
    const values = method === "maps" ? [name, ...addresses] : addresses;
    try {
      const answer = await this.pixels.call(method, ...values);
      if (method === "photo") this.loaded.photo = answer;
      else this.loaded.maps.set(name, answer);
      this.store.set({ ready: { ...this.store.state.ready, [name]: { counts: answer.counts ?? null } } });
    } catch (error) {
      this.#asked.delete(addresses[0]);
      this.#fail(new Error(`${error.message} Try again; nothing is lost.`));
    }
    this.#loads--;
    // Last, since it takes longest: the pictures come first.
    if (this.#loads === 0) await this.#measureDispute();
  }

  async #measureDispute() {
    const names = readyModels(this.store.state);
    if (names.length > 1) this.store.set({ disputed: await this.pixels.call("disputed", names) });
  }
}
