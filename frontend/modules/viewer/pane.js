// A canvas, a crosshair, the box of a disputed region, a caption, and perhaps a card.

import { html, ornament } from "../dom.js";
import { isInside, namesIn, placeIn, within } from "./view.js";

const SQUARES_FROM = 2; // screen px for one of the picture
const CAPTION = 30; // px of CSS: no name under it

export class Pane {
  #shown = null; // the card
  #ratio = 1; // device px for one of CSS

  constructor(key) {
    const { canvas, div, figcaption, figure, span, strong } = html;
    this.canvas = canvas({ role: "img" });
    this.cross = ornament("cross");
    this.box = ornament("box");
    this.more = ornament("more");
    this.stage = div({ class: "stage" }, this.canvas, this.box, this.cross, this.more);
    this.title = strong();
    this.note = span();
    this.figure = figure({ class: "pane", "data-pane": key }, this.stage, figcaption(this.title, this.note));
  }

  resize(width, height) {
    this.#ratio = Math.min(2, devicePixelRatio);
    this.figure.style.width = `${width}px`;
    this.stage.style.height = `${height}px`;
    const [wide, high] = [width, height].map((side) => Math.round(side * this.#ratio));
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
  }

  /** Layers from the lowest up; `titles` of classes to be named, by id. */
  draw(view, size, frame, titles, layers) {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    const scale = (canvas.width * view.scale) / (size.width * frame.wide);
    const [width, height] = [size.width * scale, size.height * scale];
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = scale < SQUARES_FROM;
    // On whole device px, so that at 100 % each px of the picture is one of the screen, exactly.
    const left = Math.round(canvas.width / 2 - view.x * width);
    const top = Math.round(canvas.height / 2 - view.y * height);
    canvas.dataset.picture = [left, top, Math.round(width), Math.round(height)].join();
    for (const { levels, opacity, from, to, places = [] } of layers) {
      context.save();
      context.beginPath();
      context.rect(Math.round(from * canvas.width), 0, Math.round((to - from) * canvas.width), canvas.height);
      if (from > 0 || to < 1) context.clip();
      context.globalAlpha = opacity;
      context.drawImage(levelFor(levels, scale), left, top, width, height);
      context.globalAlpha = 1;
      const seen = {
        ...{ left, top, scale },
        from: Math.max(from * canvas.width, left),
        to: Math.min(to * canvas.width, left + width),
        above: Math.max(CAPTION * this.#ratio, top),
        bottom: Math.min(canvas.height, top + height),
      };
      const inkOf = (id) => titles[id] && inked(titles[id], this.#ratio);
      for (const { id, ...name } of namesIn(places, seen, inkOf))
        context.drawImage(inkOf(id), Math.round(name.x - name.width / 2), Math.round(name.y - name.height / 2));
      context.restore();
    }
  }

  /** Null hides the crosshair, or the box around a region. */
  mark(view, cursor, region, size, frame) {
    const percents = (share) => `${100 * share}%`;
    const at = cursor && placeIn(view, cursor, frame);
    this.cross.hidden = !at || !isInside(at.u, at.v);
    if (at) {
      this.cross.style.setProperty("--x", percents(at.u));
      this.cross.style.setProperty("--y", percents(at.v));
    }
    this.box.hidden = !region;
    if (!region) return;
    const { u, v } = placeIn(view, { x: region.x / size.width, y: region.y / size.height }, frame);
    Object.assign(this.box.style, {
      left: percents(u),
      top: percents(v),
      width: percents(((region.width / size.width) * view.scale) / frame.wide),
      height: percents(((region.height / size.height) * view.scale) / frame.high),
    });
  }

  /** A card that is there already stays, with whatever has the focus in it. */
  show(made) {
    if (made?.key === this.#shown?.key) return;
    this.#shown?.card.remove();
    this.#shown = made;
    if (made) this.stage.append(made.card);
  }
}

const inks = new Map();

/** A name as a picture, since text takes long to draw; with a halo, to be read on any colour. */
function inked(text, ratio) {
  const key = `${text} ${ratio}`;
  if (inks.has(key)) return inks.get(key);
  const ink = html.canvas();
  const height = 18 * ratio;
  const context = ink.getContext("2d");
  const font = `600 ${12 * ratio}px system-ui, sans-serif`;
  context.font = font;
  ink.width = Math.ceil(context.measureText(text).width) + 8 * ratio;
  ink.height = height;
  Object.assign(context, { font, textBaseline: "middle", lineJoin: "round", lineWidth: 3.5 * ratio });
  Object.assign(context, { strokeStyle: "rgb(10 13 16 / 85%)", fillStyle: "#fff" });
  context.strokeText(text, 4 * ratio, height / 2);
  context.fillText(text, 4 * ratio, height / 2);
  inks.set(key, ink);
  return ink;
}

/** The smallest level that need not be enlarged. */
export function levelFor(levels, scale) {
  const halvings = Math.floor(Math.log2(1 / scale) + 1e-6);
  return levels[within(halvings, 0, levels.length - 1)];
}
