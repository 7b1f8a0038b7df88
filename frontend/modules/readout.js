// One crosshair in every pane, and in a line what each model says of the pixel under it and how sure it is.

import { NOTHING, pixelAt } from "./maps.js";

const STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Readout {
  /**
   * @param {HTMLElement} root holds the panes; each `.stage` in it shows the whole picture
   * @param {HTMLElement} line where the reading goes
   * @param {{name: string, title: string}[]} models
   * @param {{title: string, colour: string}[]} classes
   */
  constructor(root, line, models, classes) {
    this.root = root;
    this.line = line;
    this.models = models;
    this.classes = classes;
    this.worker = new Worker(new URL("./maps_worker.js", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.#take(data));
    this.begin();
    root.tabIndex = 0;
    root.addEventListener("pointermove", (event) => this.pinned || this.#point(event));
    root.addEventListener("pointerleave", () => this.pinned || this.#clear());
    root.addEventListener("click", (event) => this.#pin(event));
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Another picture: nothing is known of it yet. */
  begin() {
    this.maps = new Map();
    this.asked = new Map();
    this.#clear();
  }

  /** Load the maps of every model that has answered. */
  update(comparison) {
    const colours = this.classes.map(({ colour }) => colour);
    for (const { name } of this.models) {
      const links = comparison.models[name]?.links;
      if (!links || this.asked.get(name) === links.labels) continue;
      this.asked.set(name, links.labels);
      const key = { name, labels: links.labels };
      this.worker.postMessage({ key, labels: links.labels, confidence: links.confidence, colours });
    }
  }

  #take({ key: { name, labels }, maps }) {
    if (this.asked.get(name) !== labels) return; // of a picture that is no longer shown
    if (maps) this.maps.set(name, maps);
    else this.asked.delete(name); // the next update tries again
    this.root.dataset.maps = this.maps.size;
    if (this.at) this.#show();
  }

  #point({ target, clientX, clientY }) {
    const stage = target.closest(".stage");
    if (!stage) return;
    const box = stage.getBoundingClientRect();
    this.at = { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
    this.#show();
  }

  #pin(event) {
    if (event.target.closest("button") || !event.target.closest(".stage")) return;
    this.#point(event);
    this.pinned = !this.pinned;
    this.#show();
  }

  #key(event) {
    if (event.target !== this.root) return;
    if (event.key === "Escape") this.#clear();
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    const [dx, dy] = ARROWS[event.key].map((step) => step * STEP * (event.shiftKey ? 10 : 1));
    const { x, y } = this.at ?? { x: 0.5, y: 0.5 };
    this.at = { x: Math.min(1, Math.max(0, x + dx)), y: Math.min(1, Math.max(0, y + dy)) };
    this.pinned = true;
    this.#show();
  }

  #show() {
    this.root.dataset.cross = this.pinned ? "pinned" : "moving";
    this.root.style.setProperty("--cross-x", `${100 * this.at.x}%`);
    this.root.style.setProperty("--cross-y", `${100 * this.at.y}%`);
    const readings = this.models
      .filter(({ name }) => this.maps.has(name))
      .map(({ name, title }) => `${title}: ${this.#reading(this.maps.get(name))}`);
    this.line.textContent = readings.join(" · ") || "No model has answered yet.";
  }

  #reading({ ids, confidence, width, height }) {
    const pixel = pixelAt(this.at.x, this.at.y, width, height);
    if (ids[pixel] === NOTHING) return "nothing";
    return `${this.classes[ids[pixel]].title.toLowerCase()} ${(confidence[pixel] / 255).toFixed(2)}`;
  }

  #clear() {
    this.at = null;
    this.pinned = false;
    delete this.root.dataset.cross;
    this.line.textContent = "Point at the picture to read each model's answer there; click to keep the place.";
  }
}
