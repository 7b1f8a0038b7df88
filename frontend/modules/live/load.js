// Loads the networks of a dialog of moving pictures.

import { html } from "../dom.js";
import { engine } from "../here/engine.js";
import { fetched, percent } from "../words.js";

const STARTING = "starting…";

/**
 * Why any of `models` cannot run here, by name: that costs the others nothing. Throws when none can. `say` hears how far
 * it is, and so does whoever looks at the panes of `stage`.
 */
export async function loadAll(models, classes, stage, say) {
  const failed = {};
  const onFetched = (share) => {
    say(`${fetched(share)} `, share > 0 ? html.progress({ value: share, "aria-label": "Fetched" }) : "");
    stage.note(share > 0 ? `being fetched: ${percent(share, 0)}` : STARTING);
  };
  onFetched(0);
  const loading = models.map((model) =>
    engine.load(model, classes, onFetched).catch(({ message }) => {
      failed[model.name] = message;
    }),
  );
  await Promise.all(loading);
  const reasons = Object.values(failed);
  if (reasons.length === models.length) {
    stage.note("");
    throw new Error(reasons[0] ?? "None of these models has a network for a browser.");
  }
  return failed;
}
