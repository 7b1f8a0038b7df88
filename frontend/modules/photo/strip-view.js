// What is seen of the strip: a button for each photo, their order, how far they are.

import { $, button, fill, html } from "../dom.js";
import { levelFor } from "../viewer/pane.js";
import { percent } from "../words.js";

const THUMBNAIL = { width: 144, height: 96 };
const ORDERS = {
  came: () => 0,
  least: (one, other) => (one.agreement ?? 2) - (other.agreement ?? 2),
  most: (one, other) => (other.agreement ?? -1) - (one.agreement ?? -1),
};
const { b, canvas, code, li, ol, option, p, select, span } = html;

export class StripView {
  #photos = [];
  #buttons = new Map(); // by photo

  constructor({ open, stop }) {
    this.open = open;
    this.status = span({ role: "status" });
    this.order = select(
      { onchange: () => this.#arrange() },
      option({ value: "came" }, "As they came"),
      option({ value: "least" }, "Least agreement first"),
      option({ value: "most" }, "Most agreement first"),
    );
    this.order.setAttribute("aria-label", "Order of the photos");
    this.stop = button("button small", "Stop", stop);
    this.tooMany = p();
    this.list = ol({ "aria-label": "Photos of this visit" });
    fill("strip", html.div({ class: "strip-head" }, this.status, this.order, this.stop), this.tooMany, this.list);
  }

  /** `left` were too many. */
  leaveOut(left) {
    const words = [
      `${left} more ${left === 1 ? "was" : "were"} left out: 20 are compared here. For whole folders there is a command, `,
    ];
    this.tooMany.replaceChildren(...(left > 0 ? [...words, code("tripane compare FOLDER"), "."] : []));
  }

  show(photos, onShow) {
    this.#photos = photos;
    $("strip").hidden = photos.length < 2;
    for (const photo of this.#buttons.keys()) if (!photos.includes(photo)) this.#buttons.delete(photo);
    for (const photo of photos) {
      if (!this.#buttons.has(photo))
        this.#buttons.set(
          photo,
          button(null, "", () => this.open(photo)),
        );
      const each = this.#buttons.get(photo);
      describe(each, photo);
      each.setAttribute("aria-pressed", photo === onShow);
    }
    const having = (...some) => photos.filter(({ status }) => some.includes(status)).length;
    const failed = having("failed");
    const words = `${having("done")} of ${photos.length} compared${failed > 0 ? `, ${failed} failed` : ""}`;
    if (this.status.textContent !== words) this.status.textContent = words;
    this.stop.hidden = having("waiting", "working") === 0;
    this.#arrange();
  }

  #arrange() {
    const buttons = this.#photos.toSorted(ORDERS[this.order.value]).map((photo) => this.#buttons.get(photo));
    const before = [...this.list.children].map(({ firstChild }) => firstChild);
    if (buttons.length === before.length && buttons.every((each, at) => each === before[at])) return;
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    this.list.replaceChildren(...buttons.map((each) => li(each)));
    if (this.list.contains(focused)) focused.focus(); // what is moved loses it
  }
}

const WORDS = { waiting: "waiting", working: "comparing…", stopped: "not compared", held: "not compared" };

function describe(each, { name, status, why, agreement, thumbnail }) {
  const told = status === "done" ? (Number.isFinite(agreement) ? percent(agreement, 0) : "compared") : WORDS[status];
  const key = [status, why, told, Boolean(thumbnail)].join();
  if (each.dataset.key === key) return;
  Object.assign(each.dataset, { key, status });
  const words = { done: `models agree on ${told}`, failed: why }[status] ?? told;
  each.setAttribute("aria-label", `${name}: ${words}`);
  each.title = each.getAttribute("aria-label");
  if (status === "failed") each.replaceChildren(b(`${name}:`), " ", span(words));
  else each.replaceChildren(thumbnail ?? canvas(THUMBNAIL), span(told));
}

/** The middle of a photo, given as `levels`. */
export function thumbnailOf(levels) {
  const { width, height } = THUMBNAIL;
  const drawn = canvas(THUMBNAIL);
  const scale = Math.max(width / levels[0].width, height / levels[0].height);
  const level = levelFor(levels, scale);
  const share = level.width / levels[0].width;
  const [wide, high] = [(width / scale) * share, (height / scale) * share];
  const [left, top] = [(level.width - wide) / 2, (level.height - high) / 2];
  drawn.getContext("2d").drawImage(level, left, top, wide, high, 0, 0, width, height);
  return drawn;
}
