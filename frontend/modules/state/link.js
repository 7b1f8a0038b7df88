// The part of the state that a link holds: which picture, how it is looked at.

import { LAYERS, MODES, WHOLE } from "./initial.js";

const FRACTION = /^-?\d{1,3}(\.\d{1,6})?$/;

/**
 * @param {object} state
 * @returns {string} what follows the "#"
 */
export function hashOf(state) {
  const { subject, mode, layer, pair, view, hidden, classes } = state;
  const parts = new Map();
  if (subject?.kind === "sample") parts.set("sample", subject.sample);
  else if (subject?.id) parts.set("photo", subject.id);
  parts.set("mode", mode);
  if (layer !== "labels") parts.set("layer", layer);
  if (mode === "slider" || mode === "blink") parts.set("pair", pair.join(","));
  if (view.scale !== 1 || view.x !== 0.5 || view.y !== 0.5)
    parts.set("view", [view.x, view.y, view.scale].map((value) => Number(value.toFixed(4))).join(","));
  if (hidden.length)
    parts.set(
      "classes",
      classes
        .map(({ name }) => name)
        .filter((name) => !hidden.includes(name))
        .join(","),
    );
  return [...parts].map(([key, value]) => `${key}=${value}`).join("&");
}

/**
 * What a link asks for; whatever in it makes no sense is left out.
 * @param {string} hash with or without "#"
 * @param {object} state knows the classes, samples and pictures there are
 * @returns {{subject: {sample: object}|{photo: string}|null, patch: object}}
 */
export function readHash(hash, { classes, samples, models }) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const patch = {};
  const sample = samples.find(({ id }) => id === given.get("sample"));
  const photo = given.get("photo")?.match(/^[0-9a-f]{64}$/)?.[0];
  if (MODES.includes(given.get("mode"))) patch.mode = given.get("mode");
  if (LAYERS.includes(given.get("layer"))) patch.layer = given.get("layer");
  const pictures = ["photo", "truth", ...models.map(({ name }) => name)];
  const pair = given.get("pair")?.split(",") ?? [];
  if (pair.length === 2 && pair.every((name) => pictures.includes(name))) patch.pair = pair;
  const view = given.get("view")?.split(",") ?? [];
  if (view.length === 3 && view.every((part) => FRACTION.test(part))) {
    const [x, y, scale] = view.map(Number);
    if (scale > 0) patch.view = { x, y, scale };
  }
  if (given.has("classes")) {
    const wanted = given.get("classes").split(",");
    patch.hidden = classes.map(({ name }) => name).filter((name) => !wanted.includes(name));
  }
  const subject = sample ? { sample } : photo ? { photo } : null;
  return { subject, patch: { view: WHOLE, hidden: [], ...patch } };
}
