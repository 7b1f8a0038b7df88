// The page: a photo comes in, a comparison is followed, what it holds is shown.

import * as api from "./api.js";
import { element, percent } from "./dom.js";
import { follow } from "./follow.js";
import { Panes } from "./panes.js";
import { digest, normalise, PhotoError } from "./photo.js";
import { Readout } from "./readout.js";
import { showLegend, showTimings } from "./tables.js";

const $ = (id) => document.getElementById(id);
let models = [];
let classes = [];
let samples = [];
let panes;
let readout;
let current = null; // { id, what, abort }

async function start() {
  try {
    const [described, gallery] = await Promise.all([api.models(), api.samples()]);
    models = described.models;
    classes = described.classes;
    samples = gallery.samples;
  } catch (error) {
    showError(error, start);
    return;
  }
  hideError();
  panes = new Panes($("panes"), models, retryModel);
  readout = new Readout($("panes"), $("readout"), models, classes);
  $("samples").replaceChildren(...samples.map(sampleButton));
  listen();
  const wanted = new URLSearchParams(location.hash.slice(1)).get("sample");
  await showSample(samples.find(({ id }) => id === wanted) ?? samples[0]);
}

function listen() {
  $("file").addEventListener("change", ({ target }) => {
    if (target.files[0]) showPhoto(target.files[0]);
    target.value = "";
  });
  addEventListener("paste", ({ clipboardData }) => {
    const file = [...clipboardData.files].find(({ type }) => type.startsWith("image/"));
    if (file) showPhoto(file);
  });
  const drop = $("drop");
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files[0]) showPhoto(event.dataTransfer.files[0]);
  });
  $("cancel").addEventListener("click", () => current?.abort.abort());
  $("opacity").addEventListener("input", ({ target }) => {
    document.documentElement.style.setProperty("--overlay", target.value / 100);
  });
  setInterval(() => panes.tick(), 100);
}

function sampleButton(sample) {
  const image = element("img", { src: sample.thumbnail, alt: sample.alt, width: 480, height: 240, loading: "lazy" });
  const attributes = {
    type: "button",
    "data-sample": sample.id,
    title: sample.description,
    onclick: () => showSample(sample),
  };
  return element("li", {}, element("button", attributes, image, sample.title));
}

async function showSample(sample) {
  if (!sample) return;
  history.replaceState(null, "", `#sample=${sample.id}`);
  mark(sample.id);
  await show(sample.sha256, { sample: sample.id }, sample.image, sample, sample.alt);
}

async function showPhoto(file) {
  hideError();
  say("Preparing the photo…");
  let image;
  try {
    image = await normalise(file);
  } catch (error) {
    if (!(error instanceof PhotoError)) throw error;
    say("");
    showError(new api.ApiError({ title: "This cannot be read as a photo", detail: error.message }));
    return;
  }
  history.replaceState(null, "", location.pathname);
  mark(null);
  const bitmap = await createImageBitmap(image);
  await show(await digest(image), { image }, URL.createObjectURL(image), bitmap, "Your photo");
}

/** Follow a comparison from its start and show it as it grows. */
async function show(id, what, source, size, alt) {
  current?.abort.abort();
  const run = { id, what, abort: new AbortController() };
  current = run;
  hideError();
  panes.begin(source, size, alt);
  readout.begin();
  $("agreement").textContent = "";
  $("legend").tBodies[0]?.remove();
  $("timings").tBodies[0]?.remove();
  $("result").hidden = false;
  await ask(run, what);
}

async function ask(run, what) {
  $("progress").hidden = !what.image;
  say(what.image ? "Sending the photo…" : "Asking the models…");
  try {
    await follow(run.id, what, {
      signal: run.abort.signal,
      onProgress: (share) => {
        if (run !== current) return;
        $("upload").value = share;
        if (share === 1) {
          $("progress").hidden = true;
          say("Asking the models…");
        }
      },
      onUpdate: (document) => run === current && update(document),
    });
  } catch (error) {
    if (run !== current) return;
    panes.stop();
    if (error.name === "AbortError") say("Cancelled.");
    else {
      say("");
      showError(error, () => show(run.id, run.what, panes.source, sizeOf(), "Your photo"));
    }
  } finally {
    if (run === current) $("progress").hidden = true;
  }
}

function sizeOf() {
  const image = $("panes").querySelector("img");
  return { width: image.naturalWidth, height: image.naturalHeight };
}

async function retryModel(name) {
  panes.restart(name);
  await ask(current, { ...current.what, models: [name] });
}

function update(document) {
  panes.update(document);
  readout.update(document);
  showLegend($("legend"), document, models, classes);
  showTimings($("timings"), document, models);
  const { agreement } = document;
  $("agreement").textContent = agreement ? agreementSentence(agreement) : "";
  const states = Object.values(document.models).map(({ status }) => status);
  const count = (status) => states.filter((state) => state === status).length;
  if (document.status === "done") say(count("failed") ? `${count("ok")} of ${states.length} models answered.` : "");
  else say(`${count("ok")} of ${models.length} models have answered…`);
}

function agreementSentence(agreement) {
  const who = agreement.models.length === 3 ? "All three" : `${agreement.models.length} models`;
  const [region] = agreement.disputed;
  const disputed = region ? [...new Set(Object.values(region.answers))].map(titleOf).join(" or ") : null;
  return `${who} agree on ${percent(agreement.all)} of the picture${disputed ? `; most disputed: ${disputed}` : ""}.`;
}

const titleOf = (name) => classes.find((label) => label.name === name)?.title.toLowerCase() ?? name;

function mark(sample) {
  for (const button of document.querySelectorAll("[data-sample]"))
    button.setAttribute("aria-pressed", button.dataset.sample === sample);
}

function say(text) {
  $("status").textContent = text;
}

function showError(error, retry = null) {
  const {
    title,
    detail,
    request_id: requestId,
  } = error.problem ?? { title: "Something went wrong", detail: String(error) };
  const wait = error.retryAfter ? ` Try again in ${error.retryAfter} seconds.` : "";
  $("error").replaceChildren(
    element("h3", {}, title),
    element("p", {}, detail + wait),
    retry ? element("button", { class: "button", type: "button", onclick: retry }, "Try again") : "",
    requestId ? element("p", { class: "request-id" }, `Request ${requestId}`) : "",
  );
  $("error").hidden = false;
}

function hideError() {
  $("error").hidden = true;
}

start();
