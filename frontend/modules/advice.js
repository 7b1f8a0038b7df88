// What to do about each kind of problem in `docs/api.md`; fetched when something goes wrong.

const AGAIN = "Try again in a minute.";
const ANOTHER = "Choose another photo, or a sample.";
const EXPORT = "Open it in an image editor, save it as a new JPEG, and choose that.";
const OURS = "This is a fault of the page. Reload it, then try again.";
const RETRY = "Ask it again; what the others answered stays.";
const SMALLER = "Choose a smaller photo, or scale this one down.";

/** @type {Record<string, string>} */
export const ADVICE = {
  "bad-request": OURS,
  "cross-site": "Open this page at its own address, in a tab of its own.",
  "past-the-site": "Open this page at its own address, then try again.",
  "wrong-token": "It may have been deleted from another tab: reload the page to see.",
  "not-found": OURS,
  "unknown-comparison": "Choose the photo again to have it compared anew.",
  "unknown-sample": "Reload the page, and choose one of the samples that it shows.",
  "unknown-model": "Reload the page to see which models there are now.",
  "method-not-allowed": OURS,
  "upload-timeout": "Try again on a faster connection, or choose a smaller photo.",
  "too-large": SMALLER,
  "unsupported-media-type": "Choose a JPEG, PNG or WebP that does not move.",
  "bad-form": "Try again; should that fail too, reload the page.",
  "unknown-field": OURS,
  "missing-image": ANOTHER,
  "both-image-and-sample": "Choose one photo, or one sample.",
  "too-many-requests": "Nothing is lost. Wait a moment, then try again.",
  "image-empty": ANOTHER,
  "image-undecodable": EXPORT,
  "image-dimensions": "Scale or crop it, or choose another photo.",
  "image-too-costly": EXPORT,
  "too-much-work": SMALLER,
  "image-missing": "Choose the photo again to have it compared anew.",
  "model-crashed": RETRY,
  "model-out-of-memory": "Ask it again, or choose a smaller photo.",
  "model-unreachable": `Nothing is lost. ${AGAIN}`,
  "model-timeout": RETRY,
  "version-mismatch": `Nothing is lost. ${AGAIN}`,
  "all-models-failed": `Nothing is lost. ${AGAIN}`,
  internal: `Nothing is lost. ${AGAIN} Should it go on, report it with the number of the request.`,
};

/** What was found, in the API's first sentence, and what to do about it, in ours: the API's speaks to programs too. */
export function explain(/** @type {Problem} */ { type = "", detail }) {
  const what = ADVICE[type.split(":").at(-1)];
  return what ? `${detail.split(/(?<=\.) /)[0]} ${what}` : detail;
}
