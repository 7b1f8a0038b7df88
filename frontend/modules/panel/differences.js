// The first tab: how far models agree, and the regions that they dispute.

import { $, button, fill, html, line, onClick, press } from "../dom.js";
import { titleOf } from "../state.js";
import { levelFor } from "../viewer/pane.js";
import { within } from "../viewer/view.js";
import { className, percent } from "../words.js";

const THUMBNAIL = 128;
const { b, canvas, li, span } = html;

/** How far models agree by pairs, and where they do not: each region takes the view there. */
export function mountDifferences(/** @type {Store} */ store, pixels, viewer) {
  onClick("show-map", () => store.set({ mode: "disagreement" }));
  store.on(["comparison"], (state) => {
    const pairs = state.comparison?.agreement?.pairs ?? [];
    const titles = ({ models }) => models.map((name) => titleOf(state, name)).join(" – ");
    fill(
      "pairs",
      pairs.map((pair) => line(titles(pair), pair.share)),
    );
  });
  store.on(["disputed"], ({ disputed }) => {
    $("show-map").disabled = !disputed;
    fill(
      "split",
      disputed &&
        `${percent(disputed.region)} of the picture is in disputed regions, ${percent(disputed.boundary)} in thin bands along outlines and smaller patches.`,
    );
  });
  const mark = ({ region }) => press("regions", (_, index) => index === region);
  let shown = null;
  store.whileShown("differences", ["comparison", "ready"], (state) => {
    const regions = state.comparison?.agreement?.disputed;
    const key = JSON.stringify([state.subject?.id, regions, state.ready.photo]);
    if (key === shown) return; // so that whoever is on a button stays there
    shown = key;
    const go = (index) => {
      store.set({ region: index });
      viewer.flyTo(regions[index]);
    };
    const none = regions
      ? "None: models differ along outlines only."
      : "They appear here when two models have answered.";
    fill(
      "regions",
      regions?.length
        ? regions.map((region, index) => li(button(null, item(region, state, pixels.photo), () => go(index))))
        : li({ class: "quiet" }, none),
    );
    mark(state);
  });
  store.on(["region"], mark);
}

function item(region, { models, classes, subject }, photo) {
  const answers = models
    .filter(({ name }) => region.answers[name])
    .map(({ name, title }) => [
      span({ class: "answer" }, `${title}: `, b(className(classes, region.answers[name]))),
      " ",
    ]);
  const where = `${percent(region.share)} of the picture, ${placeOf(region, subject)}`;
  return [thumbnail(region, subject, photo), span({ class: "words" }, answers, span({ class: "quiet" }, where))];
}

function thumbnail(region, size, photo) {
  const square = canvas({ width: THUMBNAIL, height: THUMBNAIL, "aria-hidden": "true" });
  if (!photo) return square;
  const side = Math.min(size.width, size.height, 1.6 * Math.max(region.width, region.height));
  const x = within(region.x + (region.width - side) / 2, 0, size.width - side);
  const y = within(region.y + (region.height - side) / 2, 0, size.height - side);
  const level = levelFor(photo, THUMBNAIL / side);
  const part = [x, y, side, side].map((px) => (px * level.width) / size.width);
  square.getContext("2d").drawImage(level, ...part, 0, 0, THUMBNAIL, THUMBNAIL);
  return square;
}

/** Where in the picture a box lies: "upper left", "centre". */
export function placeOf({ x, y, width, height }, size) {
  const third = (middle, whole, words) => words[Math.min(2, Math.floor((3 * middle) / whole))];
  const row = third(y + height / 2, size.height, ["upper", "middle", "lower"]);
  const column = third(x + width / 2, size.width, ["left", "centre", "right"]);
  return row === "middle" && column === "centre" ? "centre" : `${row} ${column}`;
}
