// One pane: a canvas, a crosshair, the box of a disputed region, a caption, and perhaps a card.

import { element } from "../dom.js";
import { placeIn } from "./view.js";

export class Pane {
  #cardKey = null;

  constructor(key) {
    this.canvas = element("canvas", { role: "img" });
    this.cross = element("span", { class: "cross", "aria-hidden": "true" });
    this.box = element("span", { class: "box", "aria-hidden": "true" });
    this.stage = element("div", { class: "stage" }, this.canvas, this.box, this.cross);
    this.title = element("strong");
    this.note = element("span");
    this.caption = element("figcaption", {}, this.title, this.note);
    this.figure = element("figure", { class: "pane", "data-pane": key }, this.stage, this.caption);
  }

  /** Give the stage this size in CSS px. */
  resize(width, height) {
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.figure.style.width = `${width}px`;
    this.stage.style.height = `${height}px`;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
  }

  /** Put the crosshair on a point of the picture, and the box around a region; null hides either. */
  mark(view, cursor, region, size) {
    place(this.cross, cursor && placeIn(view, cursor));
    this.box.hidden = !region;
    if (!region) return;
    const from = placeIn(view, { x: region.x / size.width, y: region.y / size.height });
    const to = placeIn(view, {
      x: (region.x + region.width) / size.width,
      y: (region.y + region.height) / size.height,
    });
    Object.assign(this.box.style, {
      left: `${100 * from.u}%`,
      top: `${100 * from.v}%`,
      width: `${100 * (to.u - from.u)}%`,
      height: `${100 * (to.v - from.v)}%`,
    });
  }

  /** Show a card, or none; one that is there already stays, with whatever has the focus in it. */
  show(made) {
    const key = made?.key ?? null;
    if (key === this.#cardKey) return;
    this.#cardKey = key;
    this.stage.querySelector(".card")?.remove();
    if (made) this.stage.append(made.card);
  }
}

function place(cross, at) {
  const seen = at && at.u >= 0 && at.u <= 1 && at.v >= 0 && at.v <= 1;
  cross.hidden = !seen;
  if (!seen) return;
  cross.style.setProperty("--x", `${100 * at.u}%`);
  cross.style.setProperty("--y", `${100 * at.v}%`);
}
