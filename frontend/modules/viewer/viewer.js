// The panes of the mode, each drawn as the one shared view shows it.

import { $, html } from "../dom.js";
import { picturesOf, statusOf, WHOLE } from "../state.js";
import { cardOf, lackOf, notesOf, summaryOf, tick } from "./captions.js";
import { keepPainted, opacityOf, panesOf } from "./modes.js";
import { Pane } from "./pane.js";
import { onPointer } from "./pointer.js";
import { blinkTo } from "./toolbar.js";
import * as views from "./view.js";

/** A phone held upright: one picture, which fills it. */
export const UPRIGHT = matchMedia("(max-width: 760px) and (orientation: portrait)");
const GAP = 2;
const FEW = 4; // panes, which fill the viewer: controls lie over them
const MOST_RESERVED = 1 / 6; // of the viewer's height
const FLIGHT_MS = 600;
const TICK_MS = 100;

export class Viewer {
  #panes = new Map();
  #frame = 0;
  #pane = { width: 1, height: 1 }; // each, CSS px
  #flight = 0;

  constructor(root, /** @type {Store} */ store, pixels, comparisons) {
    this.root = root;
    this.store = store;
    this.pixels = pixels;
    this.comparisons = comparisons;
    this.list = html.div({ class: "panes" });
    root.tabIndex = 0;
    root.append(this.list);
    keepPainted(store, pixels, () => this.#describe());
    this.#listen();
    new ResizeObserver(() => this.#arrange()).observe(root);
    store.on(["mode", "pair", "face", "models", "subject"], () => this.#build());
    store.on(["phase", "comparison", "retrying", "ready", "layer", "outline", "disputed", "explain"], () =>
      this.#describe(),
    );
    store.on(["view", "cursor", "pinned", "region", "divider", "opacity", "peek", "names", "hidden", "highlight"], () =>
      this.#invalidate(),
    );
    setInterval(() => this.#tick(), TICK_MS);
  }

  flyTo(box) {
    this.#fly(views.viewOf(box, this.#size, this.#frameNow));
  }

  fit() {
    this.#fly(WHOLE);
  }

  /** One px of the picture for one of the screen. */
  full() {
    const [{ canvas }] = this.#panes.values();
    this.#fly({ ...this.store.state.view, scale: (this.#size.width * this.#frameNow.wide) / canvas.width });
  }

  zoom(factor, u = 0.5, v = 0.5) {
    this.#look(views.zoomed(this.store.state.view, factor, u, v, this.#frameNow));
  }

  /** Move the crosshair by shares of what is in view. */
  step(dx, dy) {
    const { view, cursor } = this.store.state;
    const { x, y } = cursor ?? view;
    const to = { x: views.within(x + dx / view.scale, 0, 1), y: views.within(y + dy / view.scale, 0, 1) };
    this.store.set({ cursor: to, pinned: true });
    this.#look(views.following(view, to, this.#frameNow));
  }

  get #size() {
    return this.store.state.subject ?? { width: 2, height: 1 };
  }

  get #frameNow() {
    return views.frameOf(this.#pane, this.#size, UPRIGHT.matches && this.#panes.size === 1);
  }

  /** The height of the toolbar, which would hide most of a pane where there are many; 0 where there is no room. */
  get #reserved() {
    if (this.#panes.size <= FEW) return 0;
    const { height, bottom } = this.root.getBoundingClientRect();
    const covered = bottom - $("toolbar").getBoundingClientRect().top;
    return covered < height * MOST_RESERVED ? covered : 0;
  }

  /** Which way the picture goes on beyond its pane. */
  get #more() {
    const { x, scale } = this.store.state.view;
    const half = (0.5 * this.#frameNow.wide) / scale;
    return { left: x - half > 0.001, right: x + half < 0.999 };
  }

  /** Blink to the next picture, or the last. */
  #swipe(way) {
    const { state } = this.store;
    if (state.mode !== "blink") return;
    const names = picturesOf(state).map(({ name }) => name);
    blinkTo(this.store, names.at((names.indexOf(state.pair[state.face]) + way) % names.length));
  }

  #listen() {
    const { store } = this;
    const at = (u, v) => {
      const point = views.pointAt(store.state.view, u, v, this.#frameNow);
      return views.isInside(point.x, point.y) ? point : null;
    };
    onPointer(this.list, {
      point: (u, v) => store.state.pinned || store.set({ cursor: at(u, v) }),
      leave: () => store.state.pinned || store.set({ cursor: null }),
      click: (u, v) => {
        const cursor = at(u, v);
        store.set({ pinned: !store.state.pinned && cursor !== null, cursor });
        this.root.focus({ preventScroll: true });
      },
      pan: (du, dv) => this.#look(views.panned(store.state.view, du, dv, this.#frameNow)),
      zoom: (factor, u, v) => this.zoom(factor, u, v),
      more: () => this.#more,
      swipe: (way) => this.#swipe(way),
      peek: (peek) => store.set({ peek }),
      divide: (divider) => store.set({ divider }),
      dividerAt: () => (store.state.mode === "slider" ? store.state.divider : null),
    });
  }

  #look(view) {
    cancelAnimationFrame(this.#flight);
    this.store.set({ view: views.clamped(view, this.#frameNow) });
  }

  #fly(view) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.#look(view);
    cancelAnimationFrame(this.#flight);
    const { view: from } = this.store.state;
    const to = views.clamped(view, this.#frameNow);
    const began = performance.now();
    const advance = (now) => {
      const share = views.within((now - began) / FLIGHT_MS, 0, 1);
      this.store.set({ view: share === 1 ? to : views.between(from, to, share) });
      if (share < 1) this.#flight = requestAnimationFrame(advance);
    };
    this.#flight = requestAnimationFrame(advance);
  }

  #build() {
    const old = this.#panes;
    this.#panes = new Map(panesOf(this.store.state).map(({ key }) => [key, old.get(key) ?? new Pane(key)]));
    if ([...this.#panes.keys()].join() !== [...old.keys()].join())
      this.list.replaceChildren(...[...this.#panes.values()].map(({ figure }) => figure));
    this.#describe();
    this.#arrange();
  }

  #arrange() {
    const area = { width: this.root.clientWidth, height: this.root.clientHeight - this.#reserved };
    const { columns, width, height } = views.arranged(this.#panes.size, area, this.#size, GAP);
    if (!(width > 0)) return;
    this.#pane = { width, height };
    this.list.style.setProperty("--columns", columns);
    for (const pane of this.#panes.values()) pane.resize(width, height);
    const { view, subject } = this.store.state;
    if (subject) this.store.set({ view: views.clamped(view, this.#frameNow) });
    this.#invalidate();
  }

  /** Captions, cards, and what a screen reader says of each canvas. */
  #describe() {
    const { state } = this.store;
    for (const { key, title, model } of panesOf(state)) {
      const pane = this.#panes.get(key);
      pane.title.textContent = title;
      pane.note.replaceChildren(...notesOf(state, key, model).map((words) => html.span(words)));
      pane.canvas.setAttribute("aria-label", summaryOf(state, key, model, title));
      const painted = this.pixels.pictures.has(model);
      pane.show(model ? cardOf(state, model, title, painted, this.comparisons) : lackOf(state, key));
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
    const { photo, pictures } = this.pixels;
    const titles = titlesOf(state);
    const [frame, more] = [this.#frameNow, this.#more];
    for (const { key, layers } of panesOf(state)) {
      const pane = this.#panes.get(key);
      const over = layers.filter(({ picture }) => !peek && pictures.has(picture));
      pane.draw(view, this.#size, frame, titles, [
        ...(photo ? [{ levels: photo, opacity: 1, from: 0, to: 1 }] : []),
        ...over.map((layer) => ({
          ...layer,
          ...pictures.get(layer.picture),
          opacity: opacityOf(layer.picture, state),
        })),
      ]);
      pane.mark(view, cursor, box, this.#size, frame);
      Object.assign(pane.more.dataset, more);
      pane.stage.style.setProperty("--divider", `${100 * state.divider}%`);
      pane.canvas.dataset.drawn = over.map(({ picture }) => picture).join(" ");
    }
  }
}

/** The names that may be written on pictures, by id. */
export const titlesOf = ({ names, opacity, classes, hidden, highlight }) =>
  classes.map(({ name, title }) => {
    const meant = names && opacity > 0 && !hidden.includes(name) && (highlight ?? name) === name;
    return meant ? title.toLowerCase() : null;
  });
