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
  mountTabs();
  mountSheet();
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
function mountTabs() {
  const tabs = [...$("tabs").querySelectorAll("[role=tab]")];
  const choose = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      $(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
    $("sections").scrollTop = 0;
  };
  $("tabs").addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (!tab) return;
    choose(tab);
    open(true);
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
  choose(tabs[0]);
}

/** On a phone the panel is a sheet, of which only the head and the tabs show until it is opened. */
function mountSheet() {
  $("sheet").addEventListener("click", () => open($("sheet").getAttribute("aria-expanded") !== "true"));
  $("panel").addEventListener("keydown", ({ key }) => key === "Escape" && open(false));
}

function open(whether) {
  $("sheet").setAttribute("aria-expanded", whether);
  $("panel").dataset.open = whether;
}
