// What is looked at, and the verdict: its sentence in the panel's head, its lines where differences are.

import { fill, html } from "../dom.js";
import { isOfStreet } from "../state.js";
import { className, count, kilobytes, percent } from "../words.js";

/** Said first where networks saw a plate of food, or noise. */
const DOUBT =
  "This does not look like a street. The networks know nothing else: what they say of it, however sure, means little.";
const WAITING = {
  uploading: "A verdict follows when the models have answered.",
  waiting: "A verdict follows when the models have answered.",
  done: "No verdict: no model has answered. Ask again in its pane, or choose another photo.",
  stopped: "No verdict: nothing could be compared. The message over the picture says why, and what to do.",
};
const { dd, div, dt, strong } = html;

export function mountHead(/** @type {Store} */ store) {
  store.on(["subject", "comparison", "phase"], ({ subject, comparison, phase }) => {
    if (!subject) return fill("subject", phase === "stopped" ? "Nothing to show yet" : "Starting…");
    fill("subject", subject.title);
    fill("about", subject.about ?? factsOf(subject, comparison));
  });
  store.on(["comparison"], ({ comparison, classes }) => {
    fill("doubt", isOfStreet(comparison) ? null : DOUBT);
    fill("agreement", comparison?.agreement && [sentence(comparison.agreement, classes), chance(comparison)]);
  });
  store.on(["comparison", "retrying", "phase"], (state) => judge(state, store).catch(() => fill("verdict")));
}

/** Judges, once there is something to judge: the module is fetched then, to keep no first picture waiting. */
async function judge(state, /** @type {Store} */ store) {
  const verdict = state.comparison && (await import("../verdict/verdict.js")).verdictOf(state);
  if (state.comparison !== store.state.comparison) return;
  fill("verdict", verdict ? emphasised(verdict.sentence) : WAITING[state.phase]);
  fill("lines", verdict?.lines.map(({ title, words }) => div(dt(title), dd(words))) ?? []);
  fill("left-out", verdict?.note);
}

function factsOf({ width, height, sent, local }, comparison) {
  if (local) return `${width} × ${height} px. It stays on this device: nothing of it is sent.`;
  const end = comparison?.expires_at && new Date(comparison.expires_at);
  const until = end?.toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return `${width} × ${height} px, ${kilobytes(sent)}${comparison ? " sent" : ""}, without EXIF or GPS.${until ? ` Its link works until ${until}.` : ""}`;
}

/** What comes before a colon is what one came for. */
function emphasised(text) {
  const at = text.indexOf(":");
  return at < 0 ? text : [strong(text.slice(0, at)), text.slice(at)];
}

function sentence(/** @type {Agreement} */ { models, all, disputed: [worst] }, classes) {
  const who = models.length > 2 ? `All ${count(models.length)}` : "The two";
  const names = worst && [...new Set(Object.values(worst.answers))].map((name) => className(classes, name));
  return [`${who} agree on `, strong(percent(all)), names ? `; most disputed: ${names.join("\u00a0/ ")}.` : "."];
}

/** How likely the majority is right, in words; nothing where the truth is known. */
function chance({ chance_right: share, truth }) {
  if (truth || typeof share !== "number") return null;
  return ` What most of them say is right on about ${percent(share, 0)} of the pixels, by their record.`;
}
