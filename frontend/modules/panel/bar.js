// A share of a whole: its name, a bar, and the number.

import { element } from "../dom.js";
import { percent } from "../words.js";

/** @returns {HTMLLIElement} says "–" when the share is not known */
export function line(title, share, inWords = percent) {
  const known = share !== null && share !== undefined;
  // The number says what the bar shows.
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.width = `${100 * (share ?? 0)}%`;
  return element(
    "li",
    {},
    element("span", {}, title),
    bar,
    element("span", { class: "number" }, known ? inWords(share) : "–"),
  );
}
