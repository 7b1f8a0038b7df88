// Panes for pictures that change at once: what comes in, and what each network makes of it.

import { html } from "../dom.js";
import { arranged } from "../viewer/view.js";
import { percent } from "../words.js";
import { resize } from "./snapshots.js";

const { canvas, div, figcaption, figure, span, strong } = html;
const CAPTION = 24; // px beneath a pane
const OPACITY = { labels: 0.7, confidence: 0.7 };

export class Stage {
  #panes = new Map();

  #size = { width: 2, height: 1 };

  constructor(title) {
    this.root = div({ class: "stage-panes", hidden: true }); // until there is a picture
    this.title = title;
    new ResizeObserver(() => this.#arrange()).observe(this.root);
  }

  /** Arranges the panes in as many columns as show the pictures largest. */
  #arrange() {
    const area = { width: this.root.clientWidth, height: this.root.clientHeight };
    const { columns = 1 } = arranged(this.#panes.size, area, this.#size, CAPTION);
    this.root.style.setProperty("--columns", String(columns));
  }

  /** A pane for what comes in, and one for each model. */
  show(models) {
    this.#panes.clear();
    for (const { name, title } of [{ name: "photo", title: this.title }, ...models]) {
      const [picture, note] = [canvas({ role: "img", "aria-label": title }), span()];
      const whole = figure({ "data-live": name }, picture, figcaption(strong(title), note));
      this.#panes.set(name, { picture, note, whole });
    }
    this.root.replaceChildren(...[...this.#panes.values()].map(({ whole }) => whole));
    this.#arrange();
  }

  /** Shows a status for every network, until it has answered. */
  note(words) {
    for (const [name, { note }] of this.#panes) if (name !== "photo") note.textContent = words;
  }

  /** Shows the source alone, while no network has answered. */
  preview(photo) {
    this.#hold(photo);
    this.#paint("photo", photo);
    photo.close();
  }

  /** Shows a frame's answers, whose bitmaps are used up. `dispute`, if any, lies over the source. */
  draw({ photo, dispute, names, pictures, figures }, { layer, noteOf, failed = {} }) {
    this.#hold(photo);
    this.#paint("photo", photo, dispute, 0.85);
    for (const [at, name] of names.entries()) this.#paint(name, photo, pictures[at], OPACITY[layer]);
    for (const [name, { note }] of this.#panes) {
      const why = failed[name] ?? figures[name]?.failed;
      if (why) note.textContent = `It cannot run here: ${why}`;
      else if (figures[name]) note.textContent = noteOf(figures[name]);
      else note.textContent = name === "photo" && dispute ? "orange where they differ" : "";
    }
    for (const bitmap of [photo, dispute, ...pictures]) bitmap?.close();
  }

  /** Gives the panes a picture's shape. */
  #hold({ width, height }) {
    this.root.hidden = false;
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.#arrange();
  }

  #paint(name, photo, over = null, opacity = 1) {
    const picture = this.#panes.get(name)?.picture;
    if (!picture) return;
    resize(picture, photo);
    const context = picture.getContext("2d");
    context.globalAlpha = 1;
    context.drawImage(photo, 0, 0);
    context.globalAlpha = opacity;
    if (over) context.drawImage(over, 0, 0);
  }
}

export const sureWords = (sure) => `${percent(sure, 0)} sure`;

const LONGEST = 2.5; // times the short side: what is longer would take too long

/** A picture as large as a network of this short side sees it; sides are multiples of what networks take. */
export function sizeAt(short, { width, height }, multiple) {
  const scale = Math.min(short / Math.min(width, height), (LONGEST * short) / Math.max(width, height));
  const side = (px) => Math.max(multiple, Math.round((px * scale) / multiple) * multiple);
  return { width: side(width), height: side(height) };
}

/** What sides must be multiples of, so that each of some models takes them. */
export function multipleOf(/** @type {Card[]} */ models) {
  const divisor = (one, other) => (other ? divisor(other, one % other) : one);
  return models.map(({ input }) => input.multiple).reduce((all, each) => (all * each) / divisor(all, each), 1);
}
