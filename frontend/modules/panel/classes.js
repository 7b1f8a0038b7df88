// The tab of classes: their shares, and which are shown.

import { $, button, headings, html, row, swatch } from "../dom.js";
import { coloursOf } from "../pixels/paint.js";
import { namesOf } from "../state.js";
import { fraction, inPercent, percent } from "../words.js";

const { caption, input, label, small, span, tbody, td, thead, tr } = html;

export function mountClasses(/** @type {Store} */ store) {
  const table = $("shares");
  store.whileShown("classes", ["comparison", "classes"], (state) => tabulate(table, state, store));
  store.whileShown("classes", ["comparison", "classes", "palette", "hidden"], (state) => refresh(table, state));
  const highlight = (name = null) => store.set({ highlight: name });
  for (const event of ["pointerleave", "focusout"]) table.addEventListener(event, () => highlight());
  for (const event of ["pointerover", "focusin"])
    table.addEventListener(event, ({ target }) => highlight(target.closest("tr[data-class]")?.dataset.class));
}

const MOST_ROOMY = 3; // models, beside which there is room for percent signs and a third decimal

const inDecimals = (value, digits) => (Number.isFinite(value) ? fraction(value, digits) : "–");

function tabulate(table, { comparison, classes, models }, store) {
  const focused = table.contains(document.activeElement) ? document.activeElement.id : null;
  const truth = comparison?.truth;
  const shareOf = (model, name) => comparison?.models[model.name]?.classes?.[name];
  const largest = ({ name }) => Math.max(0, ...models.map((model) => shareOf(model, name) ?? 0));
  const show = (hidden) => store.set({ hidden });
  const crowded = models.length > MOST_ROOMY;
  const inWords = (share) => (crowded ? inPercent(share, 1) : percent(share));

  const rowOf = ({ name, title }) => {
    const onchange = ({ target }) => {
      const hidden = store.state.hidden.filter((each) => each !== name);
      show(target.checked ? hidden : [...hidden, name]);
    };
    const only = () => show(namesOf(classes).filter((each) => each !== name));
    const cells = models.map((model) => {
      const share = shareOf(model, name);
      const iou = truth?.models[model.name]?.classes[name];
      return [
        share === undefined ? "–" : inWords(share),
        typeof iou === "number" && small(span({ class: "visually-hidden" }, "IoU "), fraction(iou)),
      ];
    });
    const box = input({ type: "checkbox", id: `show-${name}`, "data-name": name, onchange });
    const named = { id: `only-${name}`, "aria-label": `Only ${title.toLowerCase()}` };
    return row(label(box, swatch(), title), [...cells, button("plain", "only", only, named)], { "data-class": name });
  };

  const mean = () => models.map(({ name }) => inDecimals(truth.models[name]?.miou, crowded ? 2 : 3));
  const all = button("plain", "all", () => show([]), { "aria-label": "Show all classes" });
  table.classList.toggle("crowded", crowded);
  table.replaceChildren(
    caption("Share of the picture", crowded && " in %", truth && "; below it, IoU against the ground truth"),
    thead(tr(headings(["Class", ...models.map(({ title }) => span({ title }, title))]), td(all))),
    tbody(
      classes.toSorted((a, b) => largest(b) - largest(a)).map(rowOf),
      truth && row("Mean IoU", [...mean(), null], { class: "mean" }),
    ),
  );
  if (focused) $(focused)?.focus();
}

function refresh(table, { classes, palette, hidden }) {
  const colours = coloursOf(classes, palette);
  for (const [id, { name }] of classes.entries()) {
    const line = table.querySelector(`[data-class="${name}"]`);
    line.querySelector(".swatch").style.background = colours[id];
    line.querySelector("input").checked = !hidden.includes(name);
  }
}
