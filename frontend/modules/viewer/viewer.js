// The panes: as many as the mode has, each drawn as the one shared view shows it.

import { html, prefersStill } from "../dom.js";
import { statusOf, WHOLE } from "../state.js";
import { milliseconds, percent } from "../words.js";
import { keepPainted, opacityOf, panesOf } from "./modes.js";
import { Pane } from "./pane.js";
import { onPointer } from "./pointer.js";
import { cardOf, tick } from "./progress.js";
import { summaryOf } from "./readout.js";
import * as views from "./view.js";

const GAP = 10;
const CAPTION = 34;
const FLIGHT_MS = 600;
const TICK_MS = 100;

export class Viewer {
  #panes = new Map();
  #frame = 0;
  #width = 0; // of each pane, CSS px
  #flight = 0;

  constructor(root, store, pixels, onAsk) {
    Object.assign(this, { root, store, pixels, onAsk });
    this.list = html.div({ class: "panes" });
    root.tabIndex = 0;
    root.append(this.list);
    keepPainted(store, pixels, () => this.#describe());
    this.#listen();
    new ResizeObserver(() => this.#arrange()).observe(root);
    store.on(["mode", "pair", "face", "models", "subject"], () => this.#build());
    store.on(["phase", "comparison", "retrying", "ready", "layer", "outline", "disputed"], () => this.#describe());
    store.on(["view", "cursor", "pinned", "region", "divider", "opacity", "peek", "names", "hidden", "highlight"], () =>
      this.#invalidate(),
    );
    setInterval(() => this.#tick(), TICK_MS);
  }

  flyTo(box) {
    this.#fly(views.viewOf(box, this.#width, this.#size));
  }

  fit() {
    this.#fly(WHOLE);
  }

  /** One px of the picture for one of the screen. */
  full() {
    const { width = this.#size.width } = this.#panes.values().next().value?.canvas ?? {};
    const scale = this.#size.width / width;
    this.#fly(views.clamped({ ...this.store.state.view, scale }, this.#width, this.#size));
  }

  zoom(factor, u = 0.5, v = 0.5) {
    this.#look(views.zoomed(this.store.state.view, factor, u, v, this.#width, this.#size));
  }

  /** Move the crosshair by shares of what is in view. */
  step(dx, dy) {
    const { view, cursor } = this.store.state;
    const from = cursor ?? { x: view.x, y: view.y };
    const inside = (at) => Math.min(1, Math.max(0, at));
    const to = { x: inside(from.x + dx / view.scale), y: inside(from.y + dy / view.scale) };
    this.store.set({ cursor: to, pinned: true });
    this.#look(views.following(view, to, this.#width, this.#size));
  }

  get #size() {
    return this.store.state.subject ?? { width: 2, height: 1 };
  }

  #listen() {
    const { store } = this;
    const at = (u, v) => {
      const point = views.pointAt(store.state.view, u, v);
      return point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1 ? point : null;
    };
    onPointer(this.list, {
      point: (u, v) => store.state.pinned || store.set({ cursor: at(u, v) }),
      leave: () => store.state.pinned || store.set({ cursor: null }),
      click: (u, v) => {
        const pinned = !store.state.pinned && at(u, v) !== null;
        store.set({ pinned, cursor: at(u, v) });
        this.root.focus({ preventScroll: true });
      },
      pan: (du, dv) => this.#look(views.panned(store.state.view, du, dv, this.#width, this.#size)),
      zoom: (factor, u, v) => this.zoom(factor, u, v),
      divide: (divider) => store.set({ divider }),
      dividerAt: () => (store.state.mode === "slider" ? store.state.divider : null),
    });
  }

  #look(view) {
    cancelAnimationFrame(this.#flight);
    this.store.set({ view });
  }

  #fly(to) {
    if (prefersStill()) return this.#look(to);
    cancelAnimationFrame(this.#flight);
    const { view: from } = this.store.state;
    const began = performance.now();
    const advance = (now) => {
      const share = Math.min(1, Math.max(0, (now - began) / FLIGHT_MS));
      this.store.set({ view: share === 1 ? to : views.between(from, to, share) });
      if (share < 1) this.#flight = requestAnimationFrame(advance);
    };
    this.#flight = requestAnimationFrame(advance);
  }

  #build() {
    const wanted = panesOf(this.store.state);
    const old = this.#panes;
    this.#panes = new Map(wanted.map(({ key }) => [key, old.get(key) ?? new Pane(key)]));
    const figures = [...this.#panes.values()].map(({ figure }) => figure);
    if (figures.length !== this.list.childElementCount || figures.some((figure, i) => this.list.children[i] !== figure))
      this.list.replaceChildren(...figures);
    this.#describe();
    this.#arrange();
  }

  #arrange() {
    const area = { width: this.root.clientWidth, height: this.root.clientHeight };
    const { columns, width, height } = views.arranged(this.#panes.size, area, this.#size, GAP, CAPTION);
    if (width < 1) return;
    this.#width = width;
    this.list.style.setProperty("--columns", columns);
    for (const pane of this.#panes.values()) pane.resize(width, height);
    const { view } = this.store.state;
    if (this.store.state.subject) this.store.set({ view: views.clamped(view, width, this.#size) });
    this.#invalidate();
  }

  /** Captions, cards, and what a screen reader says of each canvas. */
  #describe() {
    const { state } = this.store;
    for (const { key, title, model } of panesOf(state)) {
      const pane = this.#panes.get(key);
      if (!pane) continue;
      pane.title.textContent = title;
      pane.note.textContent = noteOf(state, key, model);
      pane.canvas.setAttribute("aria-label", summaryOf(state, key, model, title));
      const described = model && state.models.find(({ name }) => name === model);
      pane.show(described ? cardOf(state, described, this.pixels.pictures.has(model), this.onAsk) : null);
      pane.figure.dataset.state = model ? statusOf(state, model) : "ok";
    }
    this.#tick();
    this.#invalidate();
  }

  #tick() {
    const { state } = this.store;
    for (const [key, pane] of this.#panes) {
      const card = pane.stage.querySelector("[data-waiting]");
      if (card) tick(card, state.began, state.usual[key]);
    }
  }

  #invalidate() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const { state } = this.store;
    const { view, cursor, peek, comparison, region } = state;
    const box = region === null ? null : comparison?.agreement?.disputed[region];
    this.list.dataset.cursor = state.pinned ? "pinned" : "moving";
    this.list.dataset.zoomed = view.scale > 1.001;
    const { photo, pictures } = this.pixels;
    const titles = titlesOf(state);
    for (const { key, layers } of panesOf(state)) {
      const pane = this.#panes.get(key);
      if (!pane) continue;
      const over = layers.filter(({ picture }) => !peek && pictures.has(picture));
      pane.draw(view, this.#size, titles, [
        ...(photo ? [{ levels: photo, opacity: 1, from: 0, to: 1 }] : []),
        ...over.map((layer) => ({
          ...layer,
          ...pictures.get(layer.picture),
          opacity: opacityOf(layer.picture, state),
        })),
      ]);
      pane.mark(view, cursor, box, this.#size);
      pane.stage.style.setProperty("--divider", `${100 * state.divider}%`);
      pane.canvas.dataset.drawn = over.map(({ picture }) => picture).join(" ");
    }
  }
}

/** By id, the names that may be written on pictures. */
const titlesOf = ({ names, opacity, classes, hidden, highlight }) =>
  classes.map(({ name, title }) => {
    const meant = names && opacity > 0 && !hidden.includes(name) && (highlight ?? name) === name;
    return meant ? title.toLowerCase() : null;
  });

function noteOf(state, key, model) {
  const { comparison, subject } = state;
  if (key === "photo" && subject) return `${subject.width} × ${subject.height}`;
  const answer = model && comparison?.models[model];
  if (!model || answer?.status !== "ok") return { failed: "failed", running: "" }[statusOf(state, model)] ?? "";
  const miou = comparison.truth?.models[model]?.miou;
  const score = typeof miou === "number" ? ` · mIoU ${miou.toFixed(2)}` : "";
  return `${milliseconds(answer.timings_ms.total)} · ${percent(answer.confidence, 0)} sure${score}`;
}
