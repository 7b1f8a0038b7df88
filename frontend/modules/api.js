// The API: its requests, following a comparison until every model has ended, and what goes wrong in one form.

const TIMEOUT_S = 60;
const GET_TIMEOUT_S = 30; // as long as the API itself may take
const POLL_MS = 500;
const PATIENCE_S = 90;
const KEPT = "Nothing is lost: what you chose is kept here.";

/** `problem` is as of RFC 9457, `retryAfter` in seconds. */
export class ApiError extends Error {
  constructor(problem, retryAfter = null) {
    super(problem.detail);
    Object.assign(this, { problem, retryAfter });
  }
}

const cancelled = () => new DOMException("cancelled", "AbortError");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const models = () => getJson("/v1/models");
export const samples = () => getJson("/v1/samples");

/** As it stands; null when there is none, yet or any more. */
export async function comparison(id) {
  try {
    return await getJson(`/v1/comparisons/${id}`);
  } catch (error) {
    if (error.problem?.status === 404) return null;
    throw error;
  }
}

/**
 * Have something compared by a POST, with GETs while that is open, and until every model has ended.
 * `id` is null when only the server knows it; `final` is false while the POST is open.
 */
export async function follow(id, what, { onUpdate, onProgress, signal }) {
  let answered = false;
  const posted = post(what, onProgress, signal).finally(() => {
    answered = true;
  });
  posted.catch(() => {}); // awaited below; until then a failure is not unhandled
  while (!answered) {
    await Promise.race([posted.catch(() => {}), pause(POLL_MS)]);
    if (answered || signal.aborted || id === null) break;
    // While the photo is under way there is no comparison, and a failing GET is not the visitor's concern.
    const document = await comparison(id).catch(() => null);
    if (document && !answered && !signal.aborted) onUpdate(document, false);
  }
  let document = await posted;
  onUpdate(document, true);
  const until = Date.now() + PATIENCE_S * 1000;
  while (document.status === "running") {
    if (Date.now() > until) throw noAnswer(PATIENCE_S);
    await pause(POLL_MS);
    if (signal.aborted) throw cancelled();
    document = (await comparison(document.id)) ?? document;
    onUpdate(document, true);
  }
}

function post({ image, sample, models = [] }, onProgress, signal) {
  const form = new FormData();
  if (image) form.append("image", image, "photo.jpg");
  if (sample) form.append("sample", sample);
  for (const model of models) form.append("models", model);
  // fetch does not report how much of an upload has gone; XMLHttpRequest does.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/comparisons");
    // One id for everything that this comparison causes; the answer, and every log line, has it.
    if (crypto.randomUUID) request.setRequestHeader("X-Request-Id", crypto.randomUUID());
    request.timeout = TIMEOUT_S * 1000;
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.upload.onload = () => onProgress(1);
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300 && body) resolve(body);
      else reject(failure(request.status, body, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(noConnection());
    request.ontimeout = () => reject(noAnswer(TIMEOUT_S));
    request.onabort = () => reject(cancelled());
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** Worth a second try when the first hangs. */
async function getJson(path, tries = 2) {
  let response;
  let body;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(GET_TIMEOUT_S * 1000) });
    body = parse(await response.text());
  } catch (error) {
    if (error.name !== "TimeoutError") throw noConnection();
    if (tries > 1) return getJson(path, tries - 1);
    throw noAnswer(GET_TIMEOUT_S);
  }
  if (!response.ok || !body) throw failure(response.status, body, response.headers.get("Retry-After"));
  return body;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failure(status, body, retryAfter) {
  const wait = Number.parseInt(retryAfter, 10) || null;
  if (typeof body?.title === "string") return new ApiError(body, wait);
  const [title, detail] = UNEXPLAINED[status] ?? [
    status >= 500 ? "Server error" : "Unexpected answer",
    `The server answered with status ${status}. ${KEPT} Try again in a minute.`,
  ];
  return new ApiError({ title, detail, status }, wait);
}

/** What an answer means that is no problem document but a proxy's. */
const UNEXPLAINED = {
  413: ["Photo too large", "The photo is larger than the server takes. Choose a smaller one."],
  429: ["Too many requests", `The server is busy. ${KEPT}`],
  504: ["No answer in time", `The server took too long. ${KEPT} Try again.`],
};

const noticed = (title, detail) => new ApiError({ title, detail });

const noConnection = () =>
  navigator.onLine === false
    ? noticed("You are offline", `Your device has no connection. ${KEPT} Try again when it is back.`)
    : noticed("No connection", `The server cannot be reached. ${KEPT} Check your connection, then try again.`);

const noAnswer = (seconds) =>
  noticed("No answer in time", `The server did not answer within ${seconds} s. ${KEPT} Try again.`);

export const expired = () =>
  noticed(
    "This photo is gone",
    "The link was to a photo, and photos can be reached for one day only. Choose one of your own, or a sample.",
  );
