// The photos of this visit: compared one after another, behind the one on show, and sorted by how far models agree.

import { explain } from "../advice.js";
import * as api from "../api.js";
import { isSent } from "../claims.js";
import { Pixels } from "../pixels/client.js";
import { chosenOf } from "../state.js";
import { StripView, thumbnailOf } from "./strip-view.js";

const MOST = 20;
const MOST_TRIES = 4; // while the server is busy
const BUSY_S = 5;

export class Strip {
  #photos = []; // { file, local, name, status, why, made, thumbnail, agreement }, in the order in which they came
  #onShow = null;
  #behind = null; // what is compared meanwhile: { photo, abort }
  #own = null; // a worker beside the one that shows

  constructor(/** @type {Store} */ store, pixels, comparisons) {
    this.store = store;
    this.pixels = pixels;
    this.comparisons = comparisons;
    this.view = new StripView({ open: (photo) => this.#open(photo), stop: () => this.#stop() });
    store.on(["subject", "preview", "phase", "comparison", "error", "ready"], (state) => this.#follow(state));
    store.on(["gone"], ({ gone }) => this.#keep(this.#photos.filter(({ made }) => !gone || made?.id !== gone)));
    store.on(["place"], () => this.#elsewhere());
    let models = null;
    store.on(["models"], (state) => {
      if (models) this.#renew();
      models = state.models;
    });
  }

  /** Adds photos, of which the first is being opened already; `local` ones were chosen for this device. */
  add(files, local) {
    const status = this.#turn({ local });
    const more = files.slice(0, MOST).map((file) => ({ file, local, name: file.name, status }));
    this.view.leaveOut(files.length - more.length);
    this.#keep([...this.#photos, ...more].slice(-MOST));
    this.#follow(this.store.state);
  }

  #keep(photos) {
    this.#photos = photos;
    this.#show();
  }

  #show() {
    this.view.show(this.#photos, this.#find(this.store.state));
  }

  /** The photo on show, or on its way there; a link may have led back to it. */
  #find({ subject, preview }) {
    const file = preview ?? subject?.file;
    const isIts = ({ made }) => !preview && subject?.id && made?.id === subject.id;
    return this.#photos.find((photo) => file && photo.file === file) ?? this.#photos.find(isIts);
  }

  #open(photo) {
    const { made, file, local } = photo;
    if (made) this.comparisons.openPrepared({ ...made, local });
    else this.comparisons.openPhoto(file, local);
  }

  #stop() {
    this.#behind?.abort.abort();
    for (const photo of this.#photos) if (photo.status === "waiting") photo.status = "stopped";
    this.#show();
  }

  /** Other models run: their agreement must be asked anew. */
  #renew() {
    for (const photo of this.#photos) if (photo.status === "done") photo.status = this.#turn(photo);
    this.#follow(this.store.state);
  }

  /** The place has changed. What was not sent before "here" was chosen stays here, even if it was chosen for there. */
  #elsewhere() {
    if (this.comparisons.isHere({})) {
      this.#behind?.abort.abort();
      for (const photo of this.#photos) photo.local ||= !isSent(photo.made ?? {});
    }
    for (const photo of this.#photos) if (["waiting", "held"].includes(photo.status)) photo.status = this.#turn(photo);
    this.#follow(this.store.state);
  }

  /** Whether a photo is compared by itself: with "there" one of this device would only take the place on show. */
  #turn({ local }) {
    return local && !this.comparisons.isHere({}) ? "held" : "waiting";
  }

  /** Follows the photo on show, whoever opened it. */
  #follow(/** @type {State} */ state) {
    const { subject, preview, phase, comparison, error, ready } = state;
    const photo = this.#find(state);
    if (photo === this.#behind?.photo) this.#behind?.abort.abort();
    const failed = { status: "failed", why: error && explain(error.problem) };
    const left = this.#onShow;
    if (left && left !== photo && left.status === "working")
      Object.assign(left, phase === "stopped" && !left.made ? failed : { status: this.#turn(left) });
    this.#onShow = photo;
    if (photo && preview) photo.status = "working";
    else if (photo) {
      if (subject.file) photo.made = subject;
      photo.local ||= subject.local;
      if (ready.photo) photo.thumbnail ??= thumbnailOf(this.pixels.photo);
      // What failed since may be another photo's.
      if (["done", "stopped"].includes(phase) && comparison?.status === "done") answered(photo, comparison);
      else if (phase === "stopped") Object.assign(photo, failed);
      else photo.status = phase === "done" ? "stopped" : "working";
    }
    this.#show();
    if (!preview && (phase === "done" || phase === "stopped")) this.#work();
  }

  /** One after another, while nothing else is compared. */
  async #work() {
    const photo = this.#photos.find(({ status }) => status === "waiting");
    if (!photo || this.#behind) return;
    // The engine of this device holds one photo: it is compared where it is shown.
    if (this.comparisons.isHere(photo)) return this.#open(photo);
    const abort = new AbortController();
    this.#behind = { photo, abort };
    photo.status = "working";
    this.#show();
    try {
      await this.#compare(photo, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) photo.status = this.#interrupted(photo);
      else Object.assign(photo, { status: "failed", why: error.problem ? explain(error.problem) : error.message });
    }
    this.#behind = null;
    this.#follow(this.store.state);
  }

  /** It is on show by now, or its turn comes here, or it was stopped. */
  #interrupted(photo) {
    if (photo === this.#onShow) return "working";
    return this.comparisons.isHere({}) ? "waiting" : "stopped";
  }

  async #compare(photo, signal) {
    const { limits } = this.store.state;
    const models = chosenOf(this.store.state);
    if (!photo.made) {
      this.#own ??= new Pixels();
      const { levels, ...made } = await this.#own.call("prepare", photo.file, limits);
      photo.thumbnail = thumbnailOf(levels);
      for (const level of levels) level.close();
      photo.made = { ...made, file: photo.file, title: photo.name, sent: made.image.size };
      this.#show();
    }
    signal.throwIfAborted();
    const { id, image } = photo.made;
    let document = isSent(photo.made) && (await api.comparison(id, models));
    const onUpdate = (news) => {
      document = news;
    };
    if (!isWhole(document, this.store.state))
      await patiently(signal, () =>
        api.follow(id, { image, models, sample: null }, { signal, onProgress: () => {}, onUpdate }),
      );
    signal.throwIfAborted();
    photo.made.id ??= document.id;
    answered(photo, document);
  }
}

const isWhole = (document, { models }) =>
  document?.status === "done" && models.every(({ name }) => document.models[name]?.status === "ok");

function answered(photo, { agreement }) {
  Object.assign(photo, { status: "done", why: null, agreement: agreement?.all ?? null });
}

/** Asks again after as long as the server says, where it has no room. */
async function patiently(signal, call, tries = MOST_TRIES) {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted || tries === 1 || error.problem?.status !== 429) throw error;
    await new Promise((resolve) => setTimeout(resolve, 1000 * (error.retryAfter ?? BUSY_S)));
    signal.throwIfAborted();
    return patiently(signal, call, tries - 1);
  }
}
