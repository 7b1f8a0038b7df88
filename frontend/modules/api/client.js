// The API, as the page uses it.

import { ApiError, noAnswer, offline, unexpected } from "./problems.js";

const TIMEOUT_S = 60;
const GET_TIMEOUT_S = 30; // as long as the API itself may take

export const models = () => getJson("/v1/models");
export const samples = () => getJson("/v1/samples");

/** @returns {Promise<object|null>} the comparison as it stands, null when there is none (yet, or any more) */
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
    if (crypto.randomUUID) request.setRequestHeader("X-Request-Id", crypto.randomUUID());
    request.timeout = TIMEOUT_S * 1000;
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total ? loaded / total : 0);
    request.upload.onload = () => onProgress?.(1);
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300 && body) resolve(body);
      else reject(failure(request.status, body, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(new ApiError(offline()));
    request.ontimeout = () => reject(new ApiError(noAnswer(TIMEOUT_S)));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** A GET is worth a second try when the first hangs. */
async function getJson(path, tries = 2) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(GET_TIMEOUT_S * 1000) });
  } catch (error) {
    if (error.name !== "TimeoutError") throw new ApiError(offline());
    if (tries > 1) return getJson(path, tries - 1);
    throw new ApiError(noAnswer(GET_TIMEOUT_S));
  }
  const body = parse(await response.text());
  if (!response.ok || !body) throw failure(response.status, body, response.headers.get("Retry-After"));
  return body;
}

function failure(status, body, retryAfter) {
  const problem = typeof body?.title === "string" ? body : unexpected(status);
  return new ApiError(problem, Number.parseInt(retryAfter, 10) || null);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
