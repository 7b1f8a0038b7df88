// What each model says under the crosshair.

import { $, fill, html, swatch } from "../dom.js";
import { NOTHING, pixelAt } from "../pixels/maps.js";
import { coloursOf } from "../pixels/paint.js";
import { fraction } from "../words.js";

const { span } = html;

export function mountReadout(/** @type {Store} */ store, pixels) {
  const hint = $("readout").textContent;
  store.on(["cursor", "pinned", "ready", "palette"], (state) => {
    // Who points with a mouse does not want every pixel read out; who pins or uses keys does.
    $("readout").setAttribute("aria-live", state.pinned ? "polite" : "off");
    $("readout").classList.toggle("kept", state.pinned);
    fill("readout", state.cursor && state.subject ? readings(state, pixels) : hint);
  });
}

function readings({ cursor, subject, models, classes, palette }, { maps }) {
  const pixel = pixelAt(cursor.x, cursor.y, subject.width, subject.height);
  const colours = coloursOf(classes, palette);
  const there = [...models, { name: "truth", title: "Truth" }].filter(({ name }) => maps.has(name));
  if (there.length === 0) return "No model has answered yet.";
  return there.map(({ name, title }, at) => {
    const { ids, confidence } = maps.get(name);
    const id = ids[pixel];
    const word = id === NOTHING ? "nothing" : classes[id].title.toLowerCase();
    const sure = confidence ? ` ${fraction(confidence[pixel] / 255)}` : "";
    const colour = swatch("", { background: colours[id] ?? "transparent" });
    const reading = span({ class: "reading" }, colour, `${title}: ${word}${sure}`);
    return [at > 0 && span({ class: "between" }, " · "), reading];
  });
}
