// The panel: its head, the tabs and the first of them.

import { $, button, fill, html, line, onClick, press } from "../dom.js";
import { titleOf } from "../state.js";
import { levelFor } from "../viewer/pane.js";
import { within } from "../viewer/view.js";
import { className, percent, placeOf } from "../words.js";
import { mountHead } from "./head.js";

const SHEET = matchMedia("(max-width: 999px), (max-height: 559px)");
const THUMBNAIL = 128;
const { b, canvas, li, span } = html;

export function mountPanel(/** @type {Store} */ store, viewer, pixels) {
  mountHead(store);
  mountTabs(store);
  mountSheet(store);
  mountDifferences(store, viewer, pixels);
  mountOthers(store, pixels);
}

/** Most visitors open none of these tabs: each is fetched when it is first wanted. */
const OTHERS = {
  classes: async () => (await import("./classes.js")).mountClasses,
  confidence: async () => (await import("./confidence.js")).mountConfidence,
  time: async () => (await import("./time.js")).mountTime,
  share: async () => (await import("./downloads.js")).mountTakeAway,
};

function mountOthers(/** @type {Store} */ store, pixels) {
  const waiting = new Set(Object.keys(OTHERS));
  for (const tab of waiting) $(tab).inert = true; // until what it does is here
  store.on(["tab"], async ({ tab }) => {
    if (!waiting.delete(tab)) return;
    try {
      (await OTHERS[tab]())(store, pixels);
      $(tab).inert = false;
    } catch {
      waiting.add(tab);
      const detail = "Check your connection, open another tab, then this one again.";
      store.set({ error: { problem: { title: "This part of the page could not be loaded", detail } } });
    }
  });
}

/** Tabs as in the ARIA Authoring Practices: arrows move, and what is moved to is shown. */
function mountTabs(/** @type {Store} */ store) {
  const tabs = [...$("tabs").children];
  const sectionOf = (tab) => tab.getAttribute("aria-controls");
  store.on(["tab"], (state) => {
    for (const tab of tabs) {
      const chosen = sectionOf(tab) === state.tab;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      $(sectionOf(tab)).hidden = !chosen;
    }
    $("sections").scrollTop = 0;
  });
  onClick("tabs", ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (tab) store.set({ tab: sectionOf(tab), open: true });
  });
  $("tabs").onkeydown = (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    store.set({ tab: sectionOf(tab) });
    tab.focus();
  };
}

/** The panel collapses; where there is little room it is a sheet, of which the head alone shows until it is opened. */
function mountSheet(/** @type {Store} */ store) {
  const settle = () => store.set({ open: !SHEET.matches });
  settle();
  SHEET.onchange = settle;
  onClick("sheet", () => store.set({ open: !store.state.open }));
  $("panel").addEventListener("keydown", ({ key }) => key === "Escape" && settle());
  store.on(["open"], ({ open }) => {
    $("sheet").setAttribute("aria-expanded", open);
    $("panel").dataset.open = open;
  });
}

/** How far models agree by pairs, and where they do not: each region takes the view there. */
function mountDifferences(/** @type {Store} */ store, viewer, pixels) {
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
