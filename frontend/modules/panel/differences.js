// How far models agree by pairs, and the largest regions on which they do not: a list that takes the view there.

import { $, element } from "../dom.js";
import { className, percent, placeOf } from "../words.js";
import { line } from "./bar.js";
import { whileShown } from "./shown.js";

/**
 * @param {Store} store
 * @param {{viewer: Viewer, loaded: Loaded}} context
 */
export function mountDifferences(store, { viewer, loaded }) {
  $("show-map").addEventListener("click", () => store.set({ mode: "disagreement" }));
  const go = (index) => {
    store.set({ region: index });
    viewer.flyTo(store.state.comparison.agreement.disputed[index]);
  };
  store.on(["comparison", "models"], ({ comparison, models }) => {
    const titles = new Map(models.map(({ name, title }) => [name, title]));
    const pairs = comparison?.agreement?.pairs ?? [];
    $("pairs").replaceChildren(
      ...pairs.map(({ models: pair, share }) => line(pair.map((name) => titles.get(name)).join(" – "), share)),
    );
  });
  store.on(["disputed"], ({ disputed }) => {
    $("split").textContent = disputed
      ? `${percent(disputed.region)} of the picture is in disputed regions, ${percent(disputed.boundary)} in thin bands where outlines are drawn differently, and in specks.`
      : "";
  });
  let shown = null;
  whileShown(store, "differences", ["comparison", "models", "classes", "ready"], (state) => {
    const key = JSON.stringify([state.subject?.id, state.comparison?.agreement, Boolean(state.ready.photo)]);
    if (key === shown) return; // thumbnails are drawn anew only when they change
    shown = key;
    const regions = state.comparison?.agreement?.disputed;
    const items = regions?.map((region, index) => item(region, state, loaded, () => go(index))) ?? [];
    if (regions?.length === 0) items.push(element("li", { class: "quiet" }, "None: they differ along outlines only."));
    if (!regions) items.push(element("li", { class: "quiet" }, "Two models must have answered first."));
    $("regions").replaceChildren(...items);
    mark(state.region);
  });
  store.on(["region"], ({ region }) => mark(region));
}

function mark(region) {
  $("regions")
    .querySelectorAll("button")
    .forEach((button, index) => {
      button.setAttribute("aria-pressed", index === region);
    });
}

function item(region, { models, classes, subject }, loaded, onGo) {
  const answers = models
    .filter(({ name }) => region.answers[name])
    .map(({ name, title }) =>
      element("span", { class: "answer" }, `${title}: `, element("b", {}, className(classes, region.answers[name]))),
    );
  return element(
    "li",
    {},
    element(
      "button",
      { type: "button", onclick: onGo },
      thumbnail(region, subject, loaded.photo),
      element(
        "span",
        { class: "words" },
        ...answers.flatMap((answer) => [answer, " "]),
        element("span", { class: "quiet" }, `${percent(region.share)} of the picture, ${placeOf(region, subject)}`),
      ),
    ),
  );
}

const THUMBNAIL = 128;

/** The region with some of what is around it, as a small square. */
function thumbnail(region, size, photo) {
  const canvas = element("canvas", { width: THUMBNAIL, height: THUMBNAIL, "aria-hidden": "true" });
  if (!photo) return canvas;
  const side = Math.min(size.width, size.height, 1.6 * Math.max(region.width, region.height));
  const inside = (middle, whole) => Math.min(whole - side, Math.max(0, middle - side / 2));
  const x = inside(region.x + region.width / 2, size.width);
  const y = inside(region.y + region.height / 2, size.height);
  const level = photo[Math.min(photo.length - 1, Math.max(0, Math.floor(Math.log2(side / THUMBNAIL))))];
  const scale = level.width / size.width;
  canvas
    .getContext("2d")
    .drawImage(level, x * scale, y * scale, side * scale, side * scale, 0, 0, THUMBNAIL, THUMBNAIL);
  return canvas;
}
