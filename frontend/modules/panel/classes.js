// The classes: how much of the picture each model gives each, how right that is, which are shown, and how.

import { $, element } from "../dom.js";
import { coloursOf } from "../pixels/palette.js";
import { percent } from "../words.js";
import { whileShown } from "./shown.js";

/** @param {Store} store */
export function mountClasses(store) {
  const table = $("shares");
  whileShown(store, "classes", ["comparison", "classes", "models"], (state) => fill(table, state, store));
  whileShown(store, "classes", ["comparison", "classes", "palette", "hidden", "models"], (state) =>
    refresh(table, state),
  );
  table.addEventListener("pointerleave", () => store.set({ highlight: null }));
  table.addEventListener("focusout", () => store.set({ highlight: null }));
  for (const event of ["pointerover", "focusin"])
    table.addEventListener(event, ({ target }) =>
      store.set({ highlight: target.closest("tr[data-class]")?.dataset.class ?? null }),
    );
  mountStyle(store);
}

function fill(table, state, store) {
  const { comparison, classes, models } = state;
  const focused = table.contains(document.activeElement) ? document.activeElement.id : null;
  const shareOf = (model, label) => comparison?.models[model]?.classes?.[label] ?? null;
  const largest = ({ name }) => Math.max(0, ...models.map((model) => shareOf(model.name, name)));
  const rows = classes.toSorted((a, b) => largest(b) - largest(a)).map((label) => row(label, state, shareOf, store));
  const all = {
    class: "plain",
    type: "button",
    "aria-label": "Show all classes",
    onclick: () => store.set({ hidden: [] }),
  };
  table.replaceChildren(
    element("caption", {}, "Share of the picture", comparison?.truth ? ", IoU with the truth below" : ""),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, "Class"),
        models.map(({ title }) => element("th", { scope: "col" }, title)),
        element("td", {}, element("button", all, "all")),
      ),
    ),
    element("tbody", {}, rows, comparison?.truth ? mean(comparison.truth, models) : null),
  );
  if (focused) $(focused)?.focus();
}

function row({ name, title }, { comparison, models, classes }, shareOf, store) {
  const toggle = ({ target }) => {
    const hidden = store.state.hidden.filter((each) => each !== name);
    store.set({ hidden: target.checked ? hidden : [...hidden, name] });
  };
  const only = () => store.set({ hidden: classes.map((label) => label.name).filter((each) => each !== name) });
  const cells = models.map((model) => {
    const share = shareOf(model.name, name);
    const iou = comparison?.truth?.models[model.name]?.classes[name];
    return element(
      "td",
      {},
      share === null ? "–" : percent(share),
      iou === null || iou === undefined ? null : element("small", {}, `IoU ${iou.toFixed(2)}`),
    );
  });
  return element(
    "tr",
    { "data-class": name },
    element(
      "th",
      { scope: "row" },
      element(
        "label",
        {},
        element("input", { type: "checkbox", id: `show-${name}`, "data-name": name, onchange: toggle }),
        element("span", { class: "swatch", "aria-hidden": "true" }),
        title,
      ),
    ),
    cells,
    element(
      "td",
      {},
      element(
        "button",
        {
          class: "plain",
          type: "button",
          id: `only-${name}`,
          onclick: only,
          "aria-label": `Only ${title.toLowerCase()}`,
        },
        "only",
      ),
    ),
  );
}

function mean(truth, models) {
  const of = ({ name }) => truth.models[name]?.miou;
  return element(
    "tr",
    { class: "mean" },
    element("th", { scope: "row" }, "Mean IoU"),
    models.map((model) => element("td", {}, of(model)?.toFixed(3) ?? "–")),
    element("td"),
  );
}

function refresh(table, { classes, palette, hidden }) {
  const colours = coloursOf(classes, palette);
  classes.forEach(({ name }, id) => {
    const line = table.querySelector(`[data-class="${name}"]`);
    if (!line) return;
    line.querySelector(".swatch").style.background = colours[id];
    line.querySelector("input").checked = !hidden.includes(name);
  });
}

/** Opacity, fill or outline, palette. */
function mountStyle(store) {
  $("opacity").addEventListener("input", ({ target }) => store.set({ opacity: target.value / 100 }));
  $("outline").addEventListener("change", ({ target }) => store.set({ outline: target.value === "outline" }));
  $("palette").addEventListener("change", ({ target }) => store.set({ palette: target.value }));
  store.on(["opacity", "outline", "palette"], ({ opacity, outline, palette }) => {
    $("opacity").value = Math.round(100 * opacity);
    $("outline").value = outline ? "outline" : "fill";
    $("palette").value = palette;
  });
}
