// Follows a comparison until every model has ended: the POST that asks for it, and GETs while that is open.

import * as api from "./api.js";

const POLL_MS = 700;
const PATIENCE_MS = 90_000;

/**
 * @param {string} id of the comparison
 * @param {object} what as for `api.compare`
 * @param {{onUpdate: (document: object) => void, onProgress?: (share: number) => void, signal: AbortSignal}} options
 * @returns {Promise<object>} the comparison when no model runs any more
 */
export async function follow(id, what, { onUpdate, onProgress, signal }) {
  let answered = false;
  const posted = api.compare(what, { onProgress, signal }).finally(() => {
    answered = true;
  });
  posted.catch(() => {}); // awaited below; until then a failure is not unhandled
  while (!answered) {
    await Promise.race([posted.catch(() => {}), pause(POLL_MS)]);
    if (answered || signal.aborted) break;
    // While the photo is under way there is no comparison, and a failing GET is not the visitor's concern.
    const document = await api.comparison(id).catch(() => null);
    if (document && !answered && !signal.aborted) onUpdate(document);
  }
  let document = await posted;
  onUpdate(document);
  const until = Date.now() + PATIENCE_MS;
  while (document.status === "running" && !signal.aborted && Date.now() < until) {
    await pause(POLL_MS);
    document = (await api.comparison(id)) ?? document;
    onUpdate(document);
  }
  return document;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
