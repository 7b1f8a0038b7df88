// The API, as the page uses it.

/** A request that failed; `problem` is the API's problem document, or one of the same form made here. */
export class ApiError extends Error {
  constructor(problem, retryAfter = null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

const OFFLINE = {
  type: "urn:tripane:problem:offline",
  title: "No connection",
  detail: "The server cannot be reached. Check your connection and try again; your photo is kept here.",
};

export const models = () => getJson("/v1/models");
export const samples = () => getJson("/v1/samples");

/** @returns {Promise<object|null>} the comparison as it stands, null when there is none yet */
export async function comparison(id) {
  try {
    return await getJson(`/v1/comparisons/${id}`);
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return null;
    throw error;
  }
}

/**
 * Ask models about a photo or a sample.
 * @param {{image?: Blob, sample?: string, models?: string[]}} what
 * @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<object>} the comparison
 * @throws {ApiError|DOMException} DOMException when aborted
 */
export function compare(what, { onProgress, signal } = {}) {
  const form = new FormData();
  if (what.image) form.append("image", what.image, "photo.jpg");
  if (what.sample) form.append("sample", what.sample);
  for (const model of what.models ?? []) form.append("models", model);
  // fetch does not report how much of an upload has gone; XMLHttpRequest does.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/comparisons");
    // One id for everything that this comparison causes; the answer, and every log line, has it.
    request.setRequestHeader("X-Request-Id", crypto.randomUUID());
    request.timeout = 60_000;
    request.upload.onprogress = (event) => onProgress?.(event.loaded / event.total);
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300 && body) resolve(body);
      else reject(new ApiError(body ?? unexpected(request.status), request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(new ApiError(OFFLINE));
    request.ontimeout = () =>
      reject(
        new ApiError({
          ...OFFLINE,
          title: "No answer",
          detail: "The server did not answer within a minute. Try again; your photo is kept here.",
        }),
      );
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

async function getJson(path) {
  let response;
  try {
    response = await fetch(path);
  } catch {
    throw new ApiError(OFFLINE);
  }
  const body = parse(await response.text());
  if (!response.ok || !body) throw new ApiError(body ?? unexpected(response.status));
  return body;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unexpected(status) {
  return {
    type: "about:blank",
    title: "Unexpected answer",
    status,
    detail: `The server answered with status ${status}. Try again in a minute.`,
  };
}
