// The line below the panes: what each model says of the pixel under the crosshair, and how sure it is.

import { element } from "../dom.js";
import { NOTHING, pixelAt } from "../pixels/grid.js";
import { coloursOf } from "../pixels/palette.js";

const HINT = "Point at the picture to read what each model says there; click or tap to keep the place.";

/**
 * @param {HTMLElement} line
 * @param {Store} store
 * @param {Loaded} loaded
 */
export function mountReadout(line, store, loaded) {
  store.on(["cursor", "pinned", "ready", "palette", "comparison"], (state) => {
    // Somebody who points with a mouse does not want every pixel read out; one who pins or uses keys does.
    line.setAttribute("aria-live", state.pinned ? "polite" : "off");
    line.replaceChildren(...(state.cursor && state.subject ? readings(state, loaded) : [HINT]));
  });
}

function readings({ cursor, subject, models, classes, palette }, loaded) {
  const pixel = pixelAt(cursor.x, cursor.y, subject.width, subject.height);
  const colours = coloursOf(classes, palette);
  const read = ({ name, title }) => {
    const { ids, confidence } = loaded.maps.get(name);
    const id = ids[pixel];
    const word = id === NOTHING ? "nothing" : classes[id].title.toLowerCase();
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colours[id] ?? "transparent";
    const sure = confidence ? ` ${(confidence[pixel] / 255).toFixed(2)}` : "";
    return element("span", { class: "reading" }, swatch, `${title}: ${word}${sure}`);
  };
  const there = [...models, { name: "truth", title: "Truth" }].filter(({ name }) => loaded.maps.has(name));
  if (there.length === 0) return ["No model has answered yet."];
  return there.flatMap((each, at) => (at ? [element("span", { class: "between" }, " · "), read(each)] : [read(each)]));
}
