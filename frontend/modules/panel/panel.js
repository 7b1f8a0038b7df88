// The panel: what is looked at, how the models differ in one sentence, tabs with the details, and the first of them.

import { $, button, html, line, onClick } from "../dom.js";
import { levelFor } from "../viewer/pane.js";
import { className, kilobytes, percent, placeOf } from "../words.js";
import { mountClasses, mountConfidence } from "./classes.js";
import { mountTakeAway } from "./takeaway.js";
import { mountTime } from "./time.js";

const THUMBNAIL = 128;
const { b, canvas, li, span, strong } = html;

export function mountPanel(store, viewer, pixels) {
  mountHead(store);
  mountTabs(store);
  mountSheet(store);
  mountDifferences(store, viewer, pixels);
  mountClasses(store);
  mountConfidence(store);
  mountTime(store);
  mountTakeAway(store, pixels);
}

function mountHead(store) {
  store.on(["subject", "comparison"], ({ subject, comparison }) => {
    if (!subject) return;
    $("subject").textContent = subject.title;
    $("about").textContent = subject.about ?? factsOf(subject, comparison);
  });
  store.on(["comparison", "classes"], ({ comparison, classes }) => {
    $("agreement").replaceChildren(...(comparison?.agreement ? sentence(comparison.agreement, classes) : []));
  });
}

function factsOf({ width, height, sent }, comparison) {
  const time = (date) => date.toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" });
  const until = comparison?.expires_at ? ` Unreachable from ${time(new Date(comparison.expires_at))}.` : "";
  return `${width} × ${height} px, ${kilobytes(sent)}${comparison ? " sent" : ""}, no EXIF, no GPS.${until}`;
}

function sentence({ models, all, disputed: [worst] }, classes) {
  const who = { 2: "The two", 3: "All three" }[models.length] ?? `All ${models.length}`;
  const names = worst && [...new Set(Object.values(worst.answers))].map((name) => className(classes, name));
  return [`${who} agree on `, strong(percent(all)), names ? `; most disputed: ${names.join("\u00a0/ ")}.` : "."];
}

/** Tabs as in the ARIA Authoring Practices: arrows move, and what is moved to is shown. */
function mountTabs(store) {
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
  $("tabs").addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    store.set({ tab: sectionOf(tab) });
    tab.focus();
  });
}

const SHEET = matchMedia("(max-width: 760px)");

/** On a phone the panel is a sheet, of which only the sentence and the tabs show until it is opened. */
function mountSheet(store) {
  const settle = () => store.set({ open: !SHEET.matches });
  settle();
  SHEET.addEventListener("change", settle);
  onClick("sheet", () => store.set({ open: !store.state.open }));
  $("panel").addEventListener("keydown", ({ key }) => key === "Escape" && settle());
  store.on(["open"], ({ open }) => {
    $("sheet").setAttribute("aria-expanded", open);
    $("panel").dataset.open = open;
  });
}

/** How far models agree by pairs, and the largest regions on which they do not: each takes the view there. */
function mountDifferences(store, viewer, pixels) {
  onClick("show-map", () => store.set({ mode: "disagreement" }));
  const go = (region) => {
    store.set({ region });
    viewer.flyTo(store.state.comparison.agreement.disputed[region]);
  };
  const mark = ({ region }) => {
    $("regions")
      .querySelectorAll("button")
      .forEach((each, index) => {
        each.setAttribute("aria-pressed", index === region);
      });
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
  store.whileShown("differences", ["comparison", "models", "classes", "ready"], (state) => {
    const regions = state.comparison?.agreement?.disputed;
    const key = JSON.stringify([state.subject?.id, regions, Boolean(state.ready.photo)]);
    if (key === shown) return; // thumbnails are drawn anew only when they change
    shown = key;
    const items = regions?.map((region, index) => li(button(null, item(region, state, pixels), () => go(index))));
    const quiet = (words) => [li({ class: "quiet" }, words)];
    const none = regions ? "None: they differ along outlines only." : "Two models must have answered first.";
    $("regions").replaceChildren(...(items?.length ? items : quiet(none)));
    mark(state);
  });
  store.on(["region"], mark);
}

function item(region, { models, classes, subject }, { photo }) {
  const answers = models
    .filter(({ name }) => region.answers[name])
    .flatMap(({ name, title }) => [
      span({ class: "answer" }, `${title}: `, b(className(classes, region.answers[name]))),
      " ",
    ]);
  const where = `${percent(region.share)} of the picture, ${placeOf(region, subject)}`;
  return [thumbnail(region, subject, photo), span({ class: "words" }, answers, span({ class: "quiet" }, where))];
}

/** The region with some of what is around it, as a small square. */
function thumbnail(region, size, photo) {
  const square = canvas({ width: THUMBNAIL, height: THUMBNAIL, "aria-hidden": "true" });
  if (!photo) return square;
  const side = Math.min(size.width, size.height, 1.6 * Math.max(region.width, region.height));
  const inside = (middle, whole) => Math.min(whole - side, Math.max(0, middle - side / 2));
  const level = levelFor(photo, THUMBNAIL / side);
  const [x, y, wide] = [
    inside(region.x + region.width / 2, size.width),
    inside(region.y + region.height / 2, size.height),
    side,
  ].map((px) => (px * level.width) / size.width);
  square.getContext("2d").drawImage(level, x, y, wide, wide, 0, 0, THUMBNAIL, THUMBNAIL);
  return square;
}
