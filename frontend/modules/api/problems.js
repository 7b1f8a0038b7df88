// What can go wrong between the page and the API, in one form: RFC 9457's, whoever noticed it.

const KEPT = "Nothing is lost: what you chose is kept here.";

/** A request that failed; `problem` is a problem document, `retryAfter` in seconds when the server named a time. */
export class ApiError extends Error {
  constructor(problem, retryAfter = null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

const local = (kind, title, detail, status = null) => ({ type: `urn:tripane:problem:${kind}`, title, status, detail });

export const offline = () =>
  navigator.onLine === false
    ? local("offline", "You are offline", `Your device has no connection. ${KEPT} Try again when it is back.`)
    : local(
        "unreachable",
        "No connection",
        `The server cannot be reached. ${KEPT} Check your connection, then try again.`,
      );

export const noAnswer = (seconds) =>
  local("timeout", "No answer in time", `The server did not answer within ${seconds} s. ${KEPT} Try again.`);

export const expired = () =>
  local(
    "expired",
    "This photo is gone",
    "The link was to a photo, and photos can be reached for one day only. Choose one of your own, or a sample.",
    404,
  );

/** The problem of an answer that is no problem document: a proxy's page, or nothing. */
export function unexpected(status) {
  const known = {
    413: ["Photo too large", "The photo is larger than the server takes. Choose a smaller one."],
    415: ["Not a photo", "The server does not take this kind of file. Choose a JPEG, PNG or WebP photo."],
    422: ["Photo refused", "The server cannot work with this photo. Choose another one."],
    429: ["Too many requests", `The server is busy. ${KEPT}`],
    504: ["No answer in time", `The server took too long. ${KEPT} Try again.`],
  };
  const [title, detail] = known[status] ?? [
    status >= 500 ? "Server error" : "Unexpected answer",
    `The server answered with status ${status}. ${KEPT} Try again in a minute.`,
  ];
  return local("unexpected", title, detail, status);
}
