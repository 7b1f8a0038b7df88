// Has the worker paint what the panes need, and no more often than it is painted.

import { coloursOf } from "../pixels/palette.js";
import { opacityOf, panesOf, styleOf } from "./modes.js";

const DEPENDS_ON = ["mode", "pair", "face", "layer", "hidden", "highlight", "outline", "palette", "threshold", "ready"];

export class Pictures {
  #painting = new Map(); // name to the subject that it is painted for

  constructor(store, pixels, loaded, onPainted) {
    Object.assign(this, { store, pixels, loaded, onPainted });
    store.on([...DEPENDS_ON, "models", "subject"], () => this.#sync());
  }

  /** The style in which a picture is painted now, or null. */
  style(name) {
    const { state } = this.store;
    return styleOf(name, state, coloursOf(state.classes, state.palette));
  }

  /** How opaque a picture lies on the photo now. */
  opacity(name) {
    return opacityOf(name, this.store.state);
  }

  #sync() {
    const { state } = this.store;
    const names = panesOf(state).flatMap(({ layers }) => layers.map(({ picture }) => picture));
    for (const name of new Set([...names, ...state.pair])) this.#paint(name);
  }

  async #paint(name) {
    const { subject } = this.store.state;
    const style = this.style(name);
    const key = JSON.stringify(style);
    if (style === null || this.loaded.pictures.get(name)?.key === key) return;
    if (this.#painting.get(name) === subject) return; // painted anew, if need be, when that is done
    this.#painting.set(name, subject);
    try {
      const levels = await this.pixels.call("picture", name, style);
      for (const old of this.loaded.pictures.get(name)?.levels ?? []) old.close();
      this.loaded.pictures.set(name, { key, levels });
    } finally {
      this.#painting.delete(name);
    }
    this.onPainted(name);
    this.#paint(name);
  }
}
