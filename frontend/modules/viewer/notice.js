// What is going on with the request, above the panes: preparing, sending, and whatever goes wrong with the whole of it.

import { $, element } from "../dom.js";
import { statusOf } from "../state/pictures.js";
import { kilobytes, listed } from "../words.js";

/**
 * @param {Store} store
 * @param {{cancel: () => void, again: (what: string) => void}} on
 */
export function mountNotice(store, on) {
  const progress = element("progress", { max: 1, "aria-label": "Upload" });
  const words = element("span");
  const cancel = element("button", { class: "button small", type: "button", onclick: on.cancel }, "Cancel");
  const preview = element("img", { class: "preview", alt: "" });
  $("notice").append(preview, words, progress, cancel);

  store.on(["preview"], (state) => {
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.hidden = !state.preview;
    if (state.preview) preview.src = URL.createObjectURL(state.preview);
    else preview.removeAttribute("src");
  });
  store.on(["phase", "progress"], (state) => {
    const { phase } = state;
    $("notice").hidden = phase !== "preparing" && phase !== "uploading";
    progress.hidden = phase !== "uploading";
    progress.value = state.progress;
    words.textContent =
      phase === "preparing"
        ? "Preparing the photo on your device…"
        : `Sending ${kilobytes(state.subject?.sent ?? 0)}: ${Math.round(100 * state.progress)} %`;
  });
  store.on(["phase", "comparison", "retrying"], (state) => {
    $("status").textContent = statusInWords(state);
  });
  store.on(["error"], ({ error }) => showError(error, on.again));
}

/** One sentence for a screen reader. */
function statusInWords(state) {
  const { phase, models } = state;
  const having = (status) => models.filter(({ name }) => statusOf(state, name) === status).map(({ title }) => title);
  const [done, failed, running] = ["ok", "failed", "running"].map(having);
  if (phase === "preparing") return "Preparing the photo.";
  if (phase === "uploading") return "Sending the photo.";
  if (phase === "starting" || models.length === 0) return "";
  return [
    done.length ? `${listed(done)} answered.` : "No model has answered yet.",
    failed.length ? `${listed(failed)} failed.` : "",
    running.length ? `Waiting for ${listed(running)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

let countdown = null;

function showError(error, onAgain) {
  clearInterval(countdown);
  $("error").hidden = !error;
  if (!error) return;
  const { title, detail, request_id: requestId } = error.problem;
  const again = element(
    "button",
    { class: "button small", type: "button", onclick: () => onAgain(error.again) },
    "Try again",
  );
  $("error").replaceChildren(
    element("h3", {}, title),
    element("p", {}, detail),
    element(
      "div",
      { class: "actions" },
      error.again ? again : null,
      requestId ? element("span", { class: "request-id" }, `Request ${requestId}`) : null,
    ),
  );
  if (error.again && error.retryAfter) wait(again, error.retryAfter);
}

/** Keep a button from being pressed before the server wants to hear of it. */
function wait(button, seconds) {
  const until = Date.now() + 1000 * seconds;
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Try again in ${left} s` : "Try again";
    if (left <= 0) clearInterval(countdown);
  };
  show();
  countdown = setInterval(show, 250);
}
