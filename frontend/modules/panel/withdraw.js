// "Delete now": takes the photo on show back.

import * as api from "../api.js";
import { dropToken, tokensOf } from "../claims.js";
import { $ } from "../dom.js";

export async function withdraw(/** @type {Store} */ store, comparisons) {
  const { subject, samples } = store.state;
  const { id } = subject;
  try {
    let answer = null;
    for (const token of tokensOf(id)) {
      answer = (await api.withdraw(id, token)) ?? answer;
      dropToken(id, token);
    }
    comparisons.forget(id);
    if (store.state.subject?.id === id) comparisons.openSample(samples[0]);
    store.set({ gone: id, error: { problem: told(answer), calm: true } });
    await Promise.resolve(); // until it is told; the button that was pressed is gone
    $("dismiss").focus();
  } catch (error) {
    comparisons.fail(error, () => withdraw(store, comparisons));
  }
}

const at = (moment) => new Date(moment).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" });

/** `answer` is null when every token was used before. */
function told(answer) {
  if (answer?.deleted)
    return {
      title: "Your photo is deleted",
      detail: `It is gone from the server, and all that was made of it.${copies(answer)}`,
    };
  const until = answer?.expires_at ? at(answer.expires_at) : "its day is over";
  return {
    title: "Somebody else sent the same photo",
    detail: `You, elsewhere, or another person. Your claim on it is gone; for theirs it stays until ${until}.`,
  };
}

const copies = ({ cached_until: until }) =>
  until ? ` Whoever opened its link may see a copy in their own browser until ${at(until)} at the latest.` : "";
