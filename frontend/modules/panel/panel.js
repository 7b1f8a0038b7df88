// The panel: its head, the tabs, and how it becomes a sheet.

import { $, onClick, reveal } from "../dom.js";
import { mountHead } from "./head.js";

const SHEET = matchMedia("(max-width: 999px), (max-height: 559px)");

export function mountPanel(/** @type {Store} */ store, viewer, pixels) {
  mountHead(store);
  mountTabs(store);
  mountSheet(store);
  mountSections(store, pixels, viewer);
}

/** Each is fetched when it is first wanted: most visitors open the first tab only, which is empty before an answer. */
const SECTIONS = {
  differences: async () => (await import("./differences.js")).mountDifferences,
  classes: async () => (await import("./classes.js")).mountClasses,
  confidence: async () => (await import("./confidence.js")).mountConfidence,
  time: async () => (await import("./time.js")).mountTime,
  share: async () => (await import("./downloads.js")).mountTakeAway,
};

function mountSections(/** @type {Store} */ store, pixels, viewer) {
  const waiting = new Set(Object.keys(SECTIONS));
  for (const tab of waiting) $(tab).inert = true; // until what it does is here
  store.on(["tab", "comparison"], async ({ tab, comparison }) => {
    if ((tab === "differences" && !comparison) || !waiting.delete(tab)) return;
    try {
      (await SECTIONS[tab]())(store, pixels, viewer);
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
      if (chosen) reveal(tab);
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
