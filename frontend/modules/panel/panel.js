// The panel: what is looked at, one sentence on how the models differ, and tabs with the details.

import { $, element } from "../dom.js";
import { className, kilobytes, percent } from "../words.js";
import { mountClasses } from "./classes.js";
import { mountConfidence } from "./confidence.js";
import { mountDifferences } from "./differences.js";
import { mountTakeAway } from "./takeaway.js";
import { mountTime } from "./time.js";

export function mountPanel(store, context) {
  mountHead(store);
  mountTabs(store);
  mountSheet(store);
  mountDifferences(store, context);
  mountClasses(store);
  mountConfidence(store);
  mountTime($("time"), store);
  mountTakeAway(store, context);
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

/** What was sent of a visitor's photo, and until when it can be reached. */
function factsOf({ width, height, sent }, comparison) {
  const until = comparison?.expires_at
    ? ` Unreachable from ${new Date(comparison.expires_at).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" })}.`
    : "";
  return `${width} × ${height} px, ${kilobytes(sent)} sent, no EXIF, no GPS.${until}`;
}

function sentence({ models, all, disputed }, classes) {
  const who = models.length === 3 ? "All three" : models.length === 2 ? "The two" : `All ${models.length}`;
  const [worst] = disputed;
  const names = worst && [...new Set(Object.values(worst.answers))].map((name) => className(classes, name));
  return [
    `${who} agree on `,
    element("strong", {}, percent(all)),
    names ? `; most disputed: ${names.join("\u00a0/ ")}.` : ".",
  ];
}

/** Tabs as in the ARIA Authoring Practices: arrows move, and what is moved to is shown. */
function mountTabs(store) {
  const tabs = [...$("tabs").querySelectorAll("[role=tab]")];
  store.on(["tab"], (state) => {
    for (const tab of tabs) {
      const section = tab.getAttribute("aria-controls");
      tab.setAttribute("aria-selected", section === state.tab);
      tab.tabIndex = section === state.tab ? 0 : -1;
      $(section).hidden = section !== state.tab;
    }
    $("sections").scrollTop = 0;
  });
  const choose = (tab) => store.set({ tab: tab.getAttribute("aria-controls") });
  $("tabs").addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (!tab) return;
    choose(tab);
    store.set({ open: true });
  });
  $("tabs").addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    choose(tab);
    tab.focus();
  });
}

const SHEET = matchMedia("(max-width: 760px)");

/** On a phone the panel is a sheet, of which only the sentence and the tabs show until it is opened. */
function mountSheet(store) {
  const settle = () => store.set({ open: !SHEET.matches });
  settle();
  SHEET.addEventListener("change", settle);
  $("sheet").addEventListener("click", () => store.set({ open: !store.state.open }));
  $("panel").addEventListener("keydown", ({ key }) => key === "Escape" && settle());
  store.on(["open"], ({ open }) => {
    $("sheet").setAttribute("aria-expanded", open);
    $("panel").dataset.open = open;
  });
}
