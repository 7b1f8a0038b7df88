// Elements in one line, p({ class: "note" }, "text", strong("child")), and those that are made more than once.

import { percent } from "./words.js";

/** @returns {any} */
export const $ = (id) => document.getElementById(id);
export const fill = (id, ...parts) => $(id).replaceChildren(...present(parts));
export const onClick = (id, listener) => $(id).addEventListener("click", listener);

/** Each takes attributes and children in any order, and passes over null and false. */
const makers = (namespace) =>
  new Proxy(/** @type {any} */ ({}), {
    get:
      (_, name) =>
      (...parts) =>
        built(document.createElementNS(namespace, String(name)), parts),
  });

export const html = makers("http://www.w3.org/1999/xhtml");
export const svg = makers("http://www.w3.org/2000/svg");
const { li, span, td, th, tr } = html;

function built(node, parts) {
  for (const part of present(parts)) {
    if (part instanceof Node || typeof part !== "object") node.append(part);
    else for (const [key, value] of Object.entries(part)) attach(node, key, value);
  }
  return node;
}

const isThere = (part) => part !== null && part !== undefined && part !== false;
const present = (parts) => parts.flat(2).filter(isThere);

function attach(node, key, value) {
  if (typeof value === "function") node.addEventListener(key.slice(2), value);
  else if (key === "style") Object.assign(node.style, value);
  else if (isThere(value)) node.setAttribute(key, value === true ? "" : value);
}

export const button = (kind, words, onclick, more) =>
  html.button({ class: kind, type: "button", onclick }, more, words);

/** A span for the eye only. */
export const ornament = (kind, ...parts) => span({ class: kind, "aria-hidden": "true" }, parts);
export const swatch = (kind = "", style = null) => ornament(`swatch ${kind}`, { style });

/** A share of a whole, with a bar. */
export const line = (title, share, inWords = percent) =>
  li(
    span(title),
    ornament("bar", span({ style: { width: `${100 * (share ?? 0)}%` } })),
    span({ class: "number" }, Number.isFinite(share) ? inWords(share) : "–"),
  );

export const row = (head, cells, attributes) =>
  tr(
    attributes,
    th({ scope: "row" }, head),
    cells.map((cell) => td(cell)),
  );
export const headings = (words) => words.map((word) => th({ scope: "col" }, word));

/** Scrolls a row of choices so far that one of them is there whole. */
export const reveal = (choice) => choice?.scrollIntoView({ block: "nearest", inline: "nearest" });

/** `isPressed` is given each button's dataset and index. */
export function press(id, isPressed) {
  for (const [at, each] of $(id).querySelectorAll("button").entries())
    each.setAttribute("aria-pressed", isPressed(each.dataset, at));
}

/** Controls marked `data-binds` show and change a member of the state; ranges in hundredths. */
export function bind(/** @type {Store} */ store) {
  for (const control of /** @type {Iterable<any>} */ (document.querySelectorAll("[data-binds]"))) {
    const { type } = control;
    const key = control.dataset.binds;
    control.addEventListener("input", ({ target: { value, checked } }) =>
      store.set({ [key]: type === "checkbox" ? checked : type === "range" ? value / 100 : value }),
    );
    store.on([key], (state) => {
      const value = state[key];
      if (type === "fieldset") control.querySelector(`[value=${value}]`).checked = true;
      else if (type === "checkbox") control.checked = value;
      else control.value = type === "range" ? Math.round(100 * value) : value;
    });
  }
}
