// The one place where the page's state lives. What shows it subscribes; what changes it calls `set`.

/** Holds a flat object; tells subscribers once for all changes of one turn, before the next frame. */
export class Store {
  #state;
  #listeners = [];
  #changed = new Set();

  constructor(initial) {
    this.#state = initial;
  }

  get state() {
    return this.#state;
  }

  /** Change some members; those that stay the same are no change. */
  set(patch) {
    const changed = Object.keys(patch).filter((key) => !Object.is(this.#state[key], patch[key]));
    if (changed.length === 0) return;
    this.#state = { ...this.#state, ...patch };
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell());
    for (const key of changed) this.#changed.add(key);
  }

  /**
   * Call `listener(state)` now, and after each change of one of `keys`.
   * @param {string[]} keys
   */
  on(keys, listener) {
    this.#listeners.push({ keys, listener });
    listener(this.#state);
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { keys, listener } of this.#listeners) if (keys.some((key) => changed.has(key))) listener(this.#state);
  }
}
