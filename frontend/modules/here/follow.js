// Has something compared on this device, in place of the API's `follow`, and answers with the same documents.

import * as api from "../api.js";
import { readPng } from "../pixels/files.js";
import { fitted } from "../pixels/maps.js";
import { rgbOf } from "../pixels/paint.js";
import { namesOf } from "../state.js";
import { chanceRight } from "./chance.js";
import { canRun, engine } from "./engine.js";
import { agreementOf, scoresOf } from "./judge.js";
import { looksLikeStreet } from "./street.js";

const NOT_HERE = {
  title: "Not on this device",
  detail: "This model runs on the server alone: there is no network of it for a browser.",
};

let urls = []; // of the last comparison's pictures

/** Does what `follow` in api.js does: `onUpdate` hears how the comparison stands, as each model ends. */
export const followHere =
  (/** @type {Store} */ store) =>
  async (_id, { sample, image }, { onUpdate, signal }) => {
    const { models, classes, subject } = store.state;
    const onFetched = (progress) => signal.aborted || store.set({ progress, phase: "fetching" });
    if (!engine.threads) onFetched(0); // it has yet to begin
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
    const photo = typeof image === "string" ? await (await fetch(image)).blob() : image;
    const truth = sample ? await truthOf(subject) : null;
    signal.throwIfAborted();
    const comparison = begun(subject, models, photo);
    const [maps, sure] = [{}, {}];
    const table = await fetch(new URL("./chance.json", import.meta.url)).then((response) => response.json());
    const update = (final) => {
      signal.throwIfAborted();
      onUpdate({ ...comparison, models: { ...comparison.models } }, final);
    };
    update(false);
    const size = { width: subject.width, height: subject.height };
    const palette = classes.map(({ colour }) => rgbOf(colour));
    const fail = (name, problem) => {
      comparison.models[name] = { ...comparison.models[name], status: "failed", problem };
      update(false);
    };
    const loading = models.map((model) => canRun(model) && engine.load(model, classes, onFetched));
    // What fails is heard of below, one after the other.
    Promise.allSettled(loading).then(() => signal.aborted || store.set({ phase: "waiting" }));
    let decoded = null; // the photo, in the engine
    for (const [at, model] of models.entries()) {
      if (!canRun(model)) {
        fail(model.name, NOT_HERE);
        continue;
      }
      try {
        await loading[at];
        signal.throwIfAborted();
        decoded ??= await engine.photo(photo);
        const answer = await engine.segment(model, decoded, size, palette);
        signal.throwIfAborted();
        maps[model.name] = answer.labels;
        sure[model.name] = answer.confidence;
        comparison.models[model.name] = answered(answer, decoded.ms, classes);
        judge(comparison, maps, namesOf(classes), size, truth);
        comparison.chance_right = chanceRight(table, maps, sure, size);
        update(false);
      } catch (error) {
        if (signal.aborted) {
          if (decoded) engine.forget(decoded);
          throw error;
        }
        fail(model.name, { title: "It could not run here", detail: error.message });
      }
    }
    if (decoded) engine.forget(decoded);
    comparison.status = "done";
    update(true);
  };

/** The ground truth of a sample, fetched from the API. */
async function truthOf({ id, width, height }) {
  const document = await api.comparison(id).catch(() => null);
  if (!document?.truth) return null;
  const map = await readPng(await (await fetch(document.truth.href)).arrayBuffer());
  return { ...document.truth, ids: fitted(map, width, height) };
}

function begun({ id, width, height, sample }, models, photo) {
  const running = { status: "running", links: null, classes: null, confidence: null, timings_ms: null, problem: null };
  return {
    id: id ?? "here",
    status: "running",
    place: "here",
    image: { href: null, bytes: photo.size },
    result_size: { width, height },
    sample: sample ?? null,
    expires_at: null,
    models: Object.fromEntries(models.map(({ name }) => [name, running])),
    price: null,
    agreement: null,
    truth: null,
    looks_like_street: null,
    chance_right: null,
  };
}

function answered({ files, shares, sure, ms, streetLogOdds }, decode, classes) {
  const link = (file) => {
    urls.push(URL.createObjectURL(file));
    return urls.at(-1);
  };
  const timings = { decode, ...ms };
  const total = Object.values(timings).reduce((sum, each) => sum + each, 0);
  const labels = link(files.labels);
  return {
    status: "ok",
    links: { labels, confidence: link(files.confidence), overlay: labels },
    classes: Object.fromEntries(classes.map(({ name }, id) => [name, shares[id] ?? 0])),
    confidence: sure,
    street_log_odds: streetLogOdds,
    timings_ms: { ...timings, total },
    cold_start: false,
    init_ms: null,
    computed_at: new Date().toISOString(),
    problem: null,
  };
}

function judge(comparison, maps, classes, size, truth) {
  const odds = Object.values(comparison.models).map(({ street_log_odds: each }) => each);
  comparison.looks_like_street = looksLikeStreet(odds.filter(Number.isFinite));
  if (Object.keys(maps).length > 1) comparison.agreement = agreementOf(maps, classes, size);
  if (!truth) return;
  const scores = Object.entries(maps).map(([name, ids]) => [name, scoresOf(ids, truth.ids, classes)]);
  comparison.truth = { href: truth.href, labelling: truth.labelling, models: Object.fromEntries(scores) };
}
