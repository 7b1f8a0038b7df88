// The API, and what goes wrong with it in one form.

import { keepToken, sent } from "./claims.js";
import { KEPT, noConnection } from "./words.js";

const TOKEN = "X-Delete-Token";
const POST_TIMEOUT_S = 60;
const GET_TIMEOUT_S = 30; // as long as the API itself may take
const POLL_MS = 500;
const PATIENCE_S = 90;

/** Whether it accepts photos other than the samples. */
export const TAKES_PHOTOS = true;

export const models = () => get("models");
export const samples = () => get("samples");

/** The comparison so far, of these models or of all; null when there is none, yet or any more. */
export async function comparison(id, models = []) {
  try {
    return await get(`comparisons/${id}${models.length > 0 ? `?models=${models}` : ""}`);
  } catch (error) {
    if (error.problem.status === 404) return null;
    throw error;
  }
}

/** What became of a photo that is taken back; null when the token was used before. */
export async function withdraw(id, token) {
  try {
    return await send("DELETE", `comparisons/${id}`, GET_TIMEOUT_S, { token });
  } catch (error) {
    if (error.problem.status === 404) return { deleted: true };
    if (error.problem.status === 403) return null;
    throw error;
  }
}

/**
 * Have models asked, all if none is named, and say how the comparison of `all` that run stands until every one has
 * ended. `id` is null when only the server knows it; `onUpdate` hears whether the POST has been answered.
 */
export async function follow(id, { sample, image, models, all = models }, { onUpdate, onProgress, signal }) {
  const form = new FormData();
  if (sample) form.append("sample", sample);
  else form.append("image", image, "photo.jpg");
  for (const model of models) form.append("models", model);
  let answered = false;
  const watch = async () => {
    await pause(POLL_MS);
    if (answered) return;
    // A failing GET is not the visitor's concern.
    const document = await comparison(id, all).catch(() => null);
    if (answered) return;
    if (document) onUpdate(document, false);
    watch();
  };
  const onSent = () => id && sent.add(id) && watch(); // before that there is none
  const onToken = (token, answer) => keepToken(answer?.id ?? id, token);
  let document = await send("POST", "comparisons", POST_TIMEOUT_S, {
    form,
    onProgress,
    onSent,
    onToken,
    signal,
  }).finally(() => {
    answered = true;
  });
  const read = async () => {
    const news = await comparison(document.id, all);
    if (news && isLater(news, document)) document = news;
  };
  // Some were asked again: the others' answers still count.
  if (models.join() !== all.join()) await read();
  onUpdate(document, true);
  const until = Date.now() + PATIENCE_S * 1000;
  while (document.status === "running") {
    if (Date.now() > until) throw noAnswer(PATIENCE_S);
    await pause(POLL_MS);
    signal.throwIfAborted();
    await read();
    onUpdate(document, true);
  }
}

/** False for news from a server of another version, which knows nothing of what this one was asked. */
const isLater = (news, known) => Object.keys(known.models).every((name) => name in news.models);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Worth a second try when the first hangs. */
const get = (path) => send("GET", path, GET_TIMEOUT_S, { onLate: () => send("GET", path, GET_TIMEOUT_S) });

function send(
  method,
  path,
  seconds,
  /** @type {any} */ { form = null, token, onProgress, onSent, onToken, onLate, signal } = {},
) {
  // fetch does not report how much of an upload has gone; XMLHttpRequest does.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, `/v1/${path}`);
    // One id for every log line that this comparison causes.
    if (form && crypto.randomUUID) request.setRequestHeader("X-Request-Id", crypto.randomUUID());
    if (token) request.setRequestHeader(TOKEN, token);
    request.responseType = "json";
    request.timeout = seconds * 1000;
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    let isThere = false;
    request.upload.onload = () => {
      isThere = true;
      onProgress(1);
      onSent();
    };
    request.onload = () => {
      const own = request.getResponseHeader(TOKEN);
      if (own) onToken(own, request.response);
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(refusal(request));
    };
    request.onerror = () => reject(failure(noConnection()));
    request.ontimeout = () => (onLate ? resolve(onLate()) : reject(noAnswer(seconds)));
    signal?.addEventListener("abort", () => {
      if (!isThere) request.abort(); // else the token to delete it by is still to come
      reject(signal.reason);
    });
    request.send(form);
  });
}

const failure = (problem, retryAfter = null) => Object.assign(new Error(problem.detail), { problem, retryAfter });

function refusal(request) {
  const { status, response } = request;
  const [title, detail] = UNEXPLAINED[status] ?? [
    status >= 500 ? "Server error" : "Unexpected answer",
    `The server answered with status ${status}. ${KEPT} Try again in a minute.`,
  ];
  const wait = Number.parseInt(request.getResponseHeader("Retry-After"), 10) || null;
  // What the API says of a member of its answer stands in the panes here.
  if (response?.models) return failure({ ...response, detail: `Each model's pane says why. ${KEPT}` }, wait);
  return failure(response?.title ? response : { title, detail, status }, wait);
}

/** What a proxy's answer means, which is no problem document. */
const UNEXPLAINED = {
  413: ["Photo too large", "The photo is larger than the server takes. Choose a smaller one."],
  429: ["Too many requests", `The server is busy. ${KEPT}`],
  504: ["No answer in time", `The server took too long. ${KEPT} Try again.`],
};

const noticed = (title, detail) => failure({ title, detail });

const noAnswer = (seconds) =>
  noticed("No answer in time", `The server did not answer within ${seconds} s. ${KEPT} Try again.`);
