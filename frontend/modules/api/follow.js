// Follows a comparison until every model has ended: the POST that asks for it, and GETs while that is open.

import * as api from "./client.js";
import { ApiError, noAnswer } from "./problems.js";

const POLL_MS = 500;
const PATIENCE_S = 90;

/**
 * @param {string|null} id of the comparison; null when it is known to the server only
 * @param {object} what as for `compare`
 * @param {{onUpdate: (document: object, final: boolean) => void, onProgress?: (share: number) => void,
 *   signal: AbortSignal}} options
 * @throws {ApiError|DOMException} also when models still run after a minute and a half
 */
export async function follow(id, what, { onUpdate, onProgress, signal }) {
  let answered = false;
  const posted = api.compare(what, { onProgress, signal }).finally(() => {
    answered = true;
  });
  posted.catch(() => {}); // awaited below; until then a failure is not unhandled
  while (!answered) {
    await Promise.race([posted.catch(() => {}), pause(POLL_MS)]);
    if (answered || signal.aborted || id === null) break;
    // While the photo is under way there is no comparison, and a failing GET is not the visitor's concern.
    const document = await api.comparison(id).catch(() => null);
    if (document && !answered && !signal.aborted) onUpdate(document, false);
  }
  let document = await posted;
  onUpdate(document, true);
  const until = Date.now() + PATIENCE_S * 1000;
  while (document.status === "running") {
    if (Date.now() > until) throw new ApiError(noAnswer(PATIENCE_S));
    await pause(POLL_MS);
    if (signal.aborted) throw new DOMException("cancelled", "AbortError");
    document = (await api.comparison(document.id)) ?? document;
    onUpdate(document, true);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
