// What can be taken home: pictures, raw maps, the document, the request, a link.

import { $, element, save } from "../dom.js";
import { curlOf, pythonOf } from "./requests.js";
import { whileShown } from "./shown.js";

/**
 * @param {Store} store
 * @param {{pixels: Pixels, viewer: Viewer}} context
 */
export function mountTakeAway(store, { pixels, viewer }) {
  whileShown(store, "share", ["comparison", "ready", "models"], (state) => {
    const answered = state.models.filter(({ name }) => state.ready[name] && state.comparison?.models[name]?.links);
    $("downloads").replaceChildren(...answered.map((model) => downloads(model, store, pixels, viewer.pictures)));
    $("document").disabled = !state.comparison;
  });
  $("document").addEventListener("click", () => {
    const { comparison } = store.state;
    const json = JSON.stringify(comparison, null, 2);
    save(new Blob([json], { type: "application/json" }), `tripane-${nameOf(comparison)}.json`);
  });
  whileShown(store, "share", ["subject"], ({ subject }) => {
    const shown = subject?.id ? { origin: location.origin, subject } : null;
    $("curl").textContent = shown ? curlOf(shown) : "";
    $("python").textContent = shown ? pythonOf(shown) : "";
  });
  $("share").addEventListener("click", ({ target }) => {
    const what = target.dataset.copy;
    if (what) copy(what === "link" ? location.href : $(what).textContent, target);
  });
}

const nameOf = ({ sample, id }) => sample ?? id.slice(0, 12);

/** One model's line of the table. */
function downloads({ name, title }, { state }, pixels, pictures) {
  const { subject, comparison } = state;
  const { links } = comparison.models[name];
  const file = (what) => `tripane-${nameOf(comparison)}-${name}-${what}`;
  const painted = (opacity) =>
    pixels.call("png", name, pictures.style(name), opacity, subject.image ?? subject.address);
  const made = (text, label, what, make) =>
    element(
      "button",
      { class: "plain", type: "button", "aria-label": label, onclick: async () => save(await make(), file(what)) },
      text,
    );
  const given = (label, what, href) =>
    element("a", { class: "plain", href, download: file(what), "aria-label": label }, "PNG");
  const cells = [
    made("PNG", `${title}: mask, PNG`, "mask.png", () => painted(null)),
    made("PNG", `${title}: mask over photo, PNG`, "overlay.png", () => painted(pictures.opacity(name))),
    given(`${title}: class ids, PNG`, "labels.png", links.labels),
    made("npy", `${title}: class ids, npy`, "ids.npy", () => pixels.call("npy", name)),
    given(`${title}: confidence, PNG`, "confidence.png", links.confidence),
  ];
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, title),
    cells.map((cell) => element("td", {}, cell)),
  );
}

async function copy(text, button) {
  button.dataset.text ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => {
    button.textContent = button.dataset.text;
  }, 2000);
}
