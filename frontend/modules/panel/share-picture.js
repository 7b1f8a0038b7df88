// A picture to share: the photo, what each model makes of it, and the verdict in one sentence.

import { readyModels, WHOLE } from "../state.js";
import { verdictOf } from "../verdict/verdict.js";
import { opacityOf, styleOf } from "../viewer/modes.js";
import { Pane } from "../viewer/pane.js";
import { arranged, frameOf } from "../viewer/view.js";
import { titlesOf } from "../viewer/viewer.js";

const [WIDTH, HEIGHT] = [1200, 630]; // as previews of links are
const WORDS = { height: 100, margin: 24, line: 30, most: 2 };
const GAP = 4;
const FONT = "system-ui, sans-serif";
const INK = { ground: "#12161b", words: "#e8ebee", quiet: "#a5aeb8" };

/** The picture as PNG. */
export async function cardOf(/** @type {State} */ state, pixels) {
  const { subject, models } = state;
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d");
  context.fillStyle = INK.ground;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const ready = readyModels(state);
  const all = [{ name: null, title: "Photo" }, ...models.filter(({ name }) => ready.includes(name))];
  const area = { width: WIDTH, height: HEIGHT - WORDS.height };
  const { columns, width, height } = arranged(all.length, area, subject, GAP);
  for (const [at, { name, title }] of all.entries()) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const inRow = Math.min(columns, all.length - row * columns);
    const left = (WIDTH - inRow * (width + GAP) + GAP) / 2 + column * (width + GAP);
    const layers = [{ levels: pixels.photo, opacity: 1, from: 0, to: 1 }, name && (await masked(name, state, pixels))];
    draw(context, { left, top: row * (height + GAP), width, height }, title, layers.filter(Boolean), state);
    for (const level of layers[1]?.levels ?? []) level.close();
  }
  write(context, sentenceOf(state));
  return canvas.convertToBlob({ type: "image/png" });
}

/** The text: one sentence, and the page's address. */
function sentenceOf(state) {
  const where = `Tripane · ${state.subject.title} · ${location.host}`;
  return { sentence: verdictOf(state)?.sentence ?? state.subject.title, where };
}

async function masked(name, state, pixels) {
  const look = { ...state, layer: "labels", highlight: null };
  const { levels, places } = await pixels.call("picture", name, styleOf(name, look));
  return { levels, places, opacity: opacityOf(name, look), from: 0, to: 1 };
}

/** Draws a pane as the viewer does, with the whole picture in view. */
function draw(context, { left, top, width, height }, title, layers, state) {
  const { subject } = state;
  const pane = new Pane("card");
  pane.resize(width, height);
  pane.draw(WHOLE, subject, frameOf({ width, height }, subject), titlesOf(state), layers);
  context.drawImage(pane.canvas, left, top, width, height);
  context.font = `600 17px ${FONT}`;
  const wide = context.measureText(title).width;
  const inside = (width - Math.min(width, (subject.width / subject.height) * height)) / 2;
  context.fillStyle = "rgb(18 22 27 / 88%)";
  context.fillRect(left + inside + 6, top + 6, wide + 16, 28);
  context.fillStyle = INK.words;
  context.fillText(title, left + inside + 14, top + 26);
}

function write(context, { sentence, where }) {
  const { height, margin, line, most } = WORDS;
  context.fillStyle = INK.words;
  context.font = `600 22px ${FONT}`;
  const lines = wrapped(context, sentence, WIDTH - 2 * margin, most);
  for (const [at, text] of lines.entries()) context.fillText(text, margin, HEIGHT - height + 34 + at * line);
  context.fillStyle = INK.quiet;
  context.font = `15px ${FONT}`;
  context.fillText(where, margin, HEIGHT - 10);
}

/** Lines of at most so many px; what does not fit in the last ends in an ellipsis. */
function wrapped(context, text, width, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else if (lines.length < most) lines.push(word);
    else return [...lines.slice(0, -1), `${lines.at(-1)} …`];
  }
  return lines;
}
