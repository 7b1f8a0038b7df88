// Where networks run: there, on the server, or here, on the visitor's own device. The choice is remembered.

import { $, fill, onClick } from "../dom.js";

const KEY = "tripane.place";
const ONE_THREAD =
  "This page is not isolated from other origins (its server does not send the headers for it), so the networks run on one thread here, more slowly.";

export function mountPlace(/** @type {Store} */ store, comparisons) {
  store.set({ place: remembered() });
  onClick("open-here", () => $("here").showModal());
  fill("here-threads", globalThis.crossOriginIsolated ? null : ONE_THREAD);
  document.addEventListener("click", async ({ target }) => {
    const what = /** @type {any} */ (target).closest("[data-opens]")?.dataset.opens;
    if (!what) return;
    $("here").close();
    const { open } = await import(`../${what}/open.js`);
    if (!document.querySelector("dialog.moving")) open(store, comparisons); // clicked twice while it came
  });
  let last = store.state.place;
  store.on(["place"], ({ place, subject }) => {
    remember(place);
    $("open-here").dataset.place = place;
    if (place !== last && subject) comparisons.elsewhere();
    last = place;
  });
}

/** A browser that keeps nothing for a page throws. */
function remembered() {
  try {
    return localStorage.getItem(KEY) === "here" ? "here" : "there";
  } catch {
    return "there";
  }
}

function remember(place) {
  try {
    localStorage.setItem(KEY, place);
  } catch {
    // It is asked again next time.
  }
}
