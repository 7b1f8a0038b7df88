// The networks of a dialog in which pictures move, made ready.

import { engine } from "../here/engine.js";
import { percent } from "../words.js";

/**
 * Why any of `models` cannot run here, by name: that costs the others nothing. Throws when none can. `say` hears how far
 * it is.
 */
export async function loadAll(models, classes, say) {
  const failed = {};
  const onFetched = (share) => say(`Fetching the engine and the networks, once: ${percent(share, 0)}`);
  const loading = models.map((model) =>
    engine.load(model, classes, onFetched).catch(({ message }) => {
      failed[model.name] = message;
    }),
  );
  await Promise.all(loading);
  const reasons = Object.values(failed);
  if (reasons.length === models.length)
    throw new Error(reasons[0] ?? "None of these models has a network for a browser.");
  return failed;
}
