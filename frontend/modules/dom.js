// Elements in one line: element("p", { class: "note" }, "text", child).

/** The element with this id; the page is broken without it. */
export const $ = (id) => document.getElementById(id);

/**
 * @param {string} name
 * @param {object} attributes "onclick" and its like are listeners; true is an empty attribute, false and null none
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  return built(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function drawn(name, attributes = {}, ...children) {
  return built(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function built(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Have a file saved under a name. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
