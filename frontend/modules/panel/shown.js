// What stands in a tab that nobody sees need not be brought up to date.

/**
 * Like `store.on`, but only while the tab is shown; what changed meanwhile is made good when it is.
 * @param {Store} store
 * @param {string} tab the id of its section
 * @param {string[]} keys
 * @param {(state: object) => void} listener
 */
export function whileShown(store, tab, keys, listener) {
  let stale = true;
  store.on(keys, () => {
    stale = true;
  });
  store.on([...keys, "tab", "open"], (state) => {
    if (!stale || !state.open || state.tab !== tab) return;
    stale = false;
    listener(state);
  });
}
