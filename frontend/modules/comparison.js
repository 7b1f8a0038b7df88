// Begins comparisons and follows them; what comes of it goes into the state.

import * as api from "./api.js";
import { isSent } from "./claims.js";
import { Pictures } from "./pixels/pictures.js";
import { chosenOf, namesOf, picturesOf, WHOLE } from "./state.js";
import { noConnection } from "./words.js";

export class Comparisons {
  #abort = new AbortController();
  #own = new Map(); // what was sent in this visit, by id: Back may lead to it before the server has it, or when it is gone
  #pictures;
  #reopen; // what is being prepared, from the beginning

  constructor(/** @type {Store} */ store, pixels) {
    this.store = store;
    this.pixels = pixels;
    this.#pictures = new Pictures(store, pixels, (error) => this.fail(error));
  }

  openSample(sample, view = WHOLE) {
    const { id, sha256, description } = sample;
    this.#begin({ ...sample, id: sha256, sample: id, about: description }, view);
    this.again();
  }

  /** A `local` photo was chosen for this device, and stays on it. */
  async openPhoto(file, local = this.isHere({})) {
    const signal = this.#renew();
    const again = () => this.openPhoto(file, local);
    this.#reopen = again;
    this.store.set({ phase: "preparing", began: performance.now(), error: null, preview: file });
    try {
      const limits = this.store.state.limits ?? (await api.models()).limits;
      const { levels, ...photo } = await this.pixels.call("prepare", file, limits);
      if (signal.aborted) return;
      const subject = { ...photo, file, title: "Your photo", local, sent: photo.image.size };
      this.#begin(this.#kept(subject), WHOLE, levels);
      this.again();
    } catch (error) {
      if (signal.aborted) return;
      this.store.set({ preview: null });
      const problem = { title: "This cannot be read as a photo", detail: error.message };
      if (error.refused) this.fail({ problem }, null);
      else this.fail(error, again);
    }
  }

  /** Forgets a photo that is deleted. */
  forget(id) {
    this.#own.set(id, null);
  }

  /** Show a photo that was made ready before. */
  openPrepared(subject, view = WHOLE) {
    this.#begin(this.#kept(subject), view);
    return this.#complete();
  }

  /** Show what a link points to; false when that is gone. */
  async openLink(id, view) {
    if (this.#own.has(id)) {
      const photo = this.#own.get(id);
      if (photo) await this.openPrepared(photo, view);
      return photo !== null;
    }
    const signal = this.#renew();
    const document = await api.comparison(id, chosenOf(this.store.state)).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted) return true;
    if (document === null) return false;
    const { href: image, bytes: sent } = document.image;
    this.#begin({ ...document.result_size, id, title: "A shared photo", image, sent }, view);
    this.#update(document, true);
    if (document.status === "done") this.store.set({ phase: "done", error: null });
    else this.again();
    return true;
  }

  /** Have other models run: the answers that are there are shown, the others are asked for. */
  async choose(/** @type {Card[]} */ models) {
    const { subject, preview, models: before } = this.store.state;
    if (namesOf(models).join() === namesOf(before).join()) return this.#pair();
    this.store.set({ models, region: null });
    this.#pair();
    if (subject && !preview) await this.#complete(); // what is on its way begins with them
  }

  /** Show the answers that are there, and ask for the others. */
  async #complete() {
    const { subject, models } = this.store.state;
    this.#pictures.dispute(); // of those that are there
    if (this.isHere(subject)) return this.again();
    const signal = this.#renew();
    this.store.set({ phase: "waiting", began: performance.now(), error: null });
    try {
      const document = isSent(subject) && (await api.comparison(subject.id, chosenOf(this.store.state)));
      if (signal.aborted) return;
      if (document) this.#update(document, true);
      if (document?.status !== "done" || models.some(({ name }) => !document.models[name])) return this.again();
      this.store.set({ phase: "done" });
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** The place has changed: the same picture again, unless that would send it unasked. */
  elsewhere() {
    const { place, subject, view, preview } = this.store.state;
    if (preview || subject.local || (place === "there" && !subject.sample)) return;
    this.#begin({ ...this.#kept(subject) }, view); // another, for what is being painted of the last one
    this.again();
  }

  /** A photo that stays on this device is compared on it, whatever is chosen for others later. */
  isHere(/** @type {Partial<Subject>} */ { sample, local }) {
    return local || this.store.state.place === "here" || !(sample || api.TAKES_PHOTOS);
  }

  /** What is compared here before it was sent stays here from then on. */
  #kept(subject) {
    const local = subject.local || (this.isHere(subject) && !isSent(subject));
    return local ? { ...subject, local, sent: 0 } : subject;
  }

  /** Have models asked, or all that run and have not answered before. */
  async again(models = chosenOf(this.store.state)) {
    const signal = this.#renew();
    const { subject } = this.store.state;
    const { id, sample, image } = subject;
    const isOwn = image instanceof Blob;
    const isHere = this.isHere(subject);
    this.store.set({
      phase: isOwn && !isHere ? "uploading" : "waiting",
      began: performance.now(),
      progress: 0,
      error: null,
    });
    try {
      const photo = sample || isOwn ? image : await (await fetch(image)).blob();
      signal.throwIfAborted();
      const follow = isHere ? (await import("./here/follow.js")).followHere(this.store) : api.follow;
      await follow(
        id,
        { sample, image: photo, models, all: chosenOf(this.store.state) },
        {
          signal,
          onProgress: (progress) => this.#progress(progress),
          onUpdate: (document, final) => signal.aborted || this.#update(document, final),
        },
      );
      if (!signal.aborted) this.store.set({ phase: "done" });
    } catch (error) {
      if (signal.aborted) return;
      if (error.problem?.models) await this.#showFailures(signal);
      if (!signal.aborted) this.fail(error);
    }
  }

  /** Lets each pane say why. */
  async #showFailures(signal) {
    const { id } = this.store.state.subject;
    const document = id && (await api.comparison(id, chosenOf(this.store.state)).catch(() => null));
    if (document && !signal.aborted) this.#update(document, true);
  }

  retryModel(name) {
    this.store.set({ retrying: [...this.store.state.retrying, name] });
    this.again([name]);
  }

  cancel() {
    this.#renew();
    const { preview, comparison } = this.store.state;
    this.store.set({ phase: "done", preview: null, retrying: [] });
    if (comparison && !preview) return; // it is of the picture on show, not of one on its way
    const problem = { title: "Cancelled", detail: "Nothing is lost: your photo is kept here." };
    this.fail({ problem }, preview ? this.#reopen : undefined);
  }

  /** Shows a failure; an unknown one while offline is taken for a lost connection. */
  fail(/** @type {Failure} */ { message, problem, retryAfter }, again = () => this.again()) {
    problem ??= navigator.onLine ? { title: "Something went wrong", detail: message } : noConnection();
    this.store.set({ phase: "stopped", retrying: [], error: { problem, retryAfter, again } });
  }

  #renew() {
    this.#abort.abort();
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  #begin(subject, view, levels = null) {
    const { file, id, local } = subject;
    if (file && id && (!local || this.#own.has(id))) this.#own.set(id, subject);
    const { subject: last, places } = this.store.state;
    this.store.set({
      places: subject.id && subject.id === last?.id ? places : {},
      subject,
      view,
      preview: null,
      gone: null,
      comparison: null,
      retrying: [],
      uploadMs: null,
      disputed: null,
      cursor: null,
      pinned: false,
      region: null,
      ready: {},
    });
    this.#pair();
    this.#pictures.begin(subject, levels);
  }

  /** Lets slider and blink show no picture that there is none of. */
  #pair() {
    const { pair, models } = this.store.state;
    const there = namesOf(picturesOf(this.store.state));
    const other = ["photo", models.at(-1)?.name];
    this.store.set({ pair: pair.map((name, side) => (there.includes(name) ? name : other[side])) });
  }

  #progress(progress) {
    const { phase, began } = this.store.state;
    if (phase !== "uploading") return;
    const now = performance.now();
    this.store.set(progress < 1 ? { progress } : { phase: "waiting", began: now, uploadMs: now - began });
  }

  /** `final` is false while the POST is open. */
  #update(document, final) {
    const { subject, retrying } = this.store.state;
    const usual = { ...this.store.state.usual };
    for (const [name, { links, cold_start: cold, init_ms: init, timings_ms: timings }] of Object.entries(
      document.models,
    ))
      if (links) usual[name] = cold ? init + timings.total : null;
    this.#pictures.update(document);
    this.store.set({
      comparison: document,
      places: { ...this.store.state.places, [document.place ?? "there"]: document },
      retrying: final ? [] : retrying,
      subject: subject.id ? subject : { ...subject, id: document.id },
      usual,
    });
  }
}
