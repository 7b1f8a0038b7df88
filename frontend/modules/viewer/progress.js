// How far the whole request is, and what went wrong with it.

import { $, fill, onClick } from "../dom.js";
import { INITIAL, statusOf } from "../state.js";
import { fetched, kilobytes, listed, percent } from "../words.js";

export function mountProgress(/** @type {Store} */ store, comparisons) {
  const preview = $("preview");
  onClick("cancel", () => comparisons.cancel());
  onClick("again", () => store.state.error.again());
  onClick("dismiss", () => store.set({ error: null }));
  store.on(["preview"], ({ preview: file }) => {
    URL.revokeObjectURL(preview.src);
    preview.hidden = !file;
    preview.src = file ? URL.createObjectURL(file) : "";
  });
  store.on(["phase", "progress"], ({ phase, progress, subject }) => {
    $("notice").hidden = !["preparing", "uploading", "fetching"].includes(phase);
    $("progress").hidden = phase === "preparing" || !progress;
    $("progress").value = progress;
    if (phase === "preparing") fill("doing", "Preparing the photo on your device…");
    if (phase === "fetching") fill("doing", fetched(progress));
    if (phase === "uploading") fill("doing", `Sending ${kilobytes(subject.sent)}: ${percent(progress, 0)}`);
  });
  store.on(["phase", "comparison", "retrying"], (state) => fill("status", inWords(state)));
  store.on(["error", "comparison"], (state) => advise(state, store));
  store.on(["error", "explain"], showError);
}

/** What to do about problems is fetched with the first; they are told without it, if need be. */
async function advise({ error, comparison }, /** @type {Store} */ store) {
  const problems = [error, ...Object.values(comparison?.models ?? {})].map((each) => each?.problem);
  if (!problems.some((problem) => problem?.type)) return;
  const { explain } = await import("../advice.js").catch(() => INITIAL);
  store.set({ explain });
}

/** One sentence for a screen reader. */
function inWords(state) {
  const { phase, models } = state;
  const having = (status) =>
    listed(models.filter(({ name }) => statusOf(state, name) === status).map(({ title }) => title));
  const [done, failed, running] = ["ok", "failed", "running"].map(having);
  if (phase === "preparing") return "Preparing the photo.";
  if (phase === "uploading") return "Sending the photo.";
  if (phase === "starting" || models.length === 0) return "";
  return [
    done ? `${done} answered.` : "No model has answered yet.",
    failed && `${failed} failed.`,
    running && `Waiting for ${running}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

let countdown = null;

function showError({ error, explain, phase, comparison }) {
  clearInterval(countdown);
  $("error").hidden = !error;
  $("error").classList.toggle("calm", Boolean(error?.calm));
  if (!error) return;
  const { title, request_id: id } = error.problem;
  fill("error-title", title);
  fill("error-detail", explain(error.problem));
  fill("error-request", id && `Request ${id}`);
  $("again").hidden = !error.again;
  // Where nothing else is to be pressed, what can be tried again stays.
  $("dismiss").hidden = phase === "stopped" && Boolean(error.again) && !comparison;
  // Not to be pressed before the server wants to hear of it.
  const until = Date.now() + 1000 * (error.retryAfter ?? 0);
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    $("again").disabled = left > 0;
    fill("again", left > 0 ? `Try again in ${left} s` : "Try again");
    if (left <= 0) clearInterval(countdown);
  };
  countdown = setInterval(show, 250);
  show();
}
