// The pictures there are to look at, and what they are called.

/**
 * @param {{models: object[], comparison: object|null}} state
 * @returns {{name: string, title: string}[]} photo, models, and the truth where it is known
 */
export function picturesOf({ models, comparison, subject }) {
  const truth = comparison?.truth || subject?.kind === "sample" ? [{ name: "truth", title: "Ground truth" }] : [];
  return [{ name: "photo", title: "Photo" }, ...models.map(({ name, title }) => ({ name, title })), ...truth];
}

/** @returns {string[]} names of the models whose maps are in */
export const readyModels = ({ models, ready }) => models.map(({ name }) => name).filter((name) => ready[name]);

/** Whether a model is done, still runs, has failed, or was never asked: "ok", "running", "failed", "none". */
export function statusOf(state, model) {
  if (state.retrying.includes(model)) return "running";
  const status = state.comparison?.models[model]?.status;
  if (status) return status;
  return ["preparing", "uploading", "waiting", "starting"].includes(state.phase) ? "running" : "none";
}
