// Stress: the photo on show, made worse while a slider is dragged, and what each network keeps of its answer.

import { button, headings, html, row } from "../dom.js";
import { canRun, engine } from "../here/engine.js";
import { openDialog } from "../live/frame-dialog.js";
import { loadAll } from "../live/load.js";
import { multipleOf, Stage, sizeAt, sureWords } from "../live/stage.js";
import { fitted } from "../pixels/maps.js";
import { coloursOf } from "../pixels/paint.js";
import { namesOf } from "../state.js";
import { fraction, inPercent, percent } from "../words.js";
import { breaksAt, plot } from "./curves.js";
import { KINDS, SEVERITIES } from "./stress.js";

const SIZES = [256, 512]; // px of the short side: quick, or as the server's networks see it
const { caption, div, input, label, option, p, select, span, table, tbody, thead, tr } = html;

export function open(/** @type {Store} */ store, { pixels }) {
  const { models, classes, palette, subject, preview } = store.state;
  const able = models.filter(canRun);
  const stage = new Stage("Photo");
  const says = p({ role: "status", class: "says" });
  const curves = div({ class: "curves" });
  const truth = pixels.maps.get("truth");
  let known = new Map(); // "kind severity" to figures and agreement, of this size
  let [wanted, short, isOpen, isReady, isRunning] = [{ kind: "night", severity: 0 }, SIZES[0], true, false, false];
  let failed = {}; // why a network cannot run, by model name

  const say = (...words) => says.replaceChildren(...words);
  const sliders = Object.entries(KINDS).map(([kind, title]) => {
    const slider = input({ type: "range", min: 0, max: SEVERITIES.length, value: 0, "data-kind": kind });
    slider.oninput = () => {
      for (const other of sliders) if (other.slider !== slider) other.slider.value = "0";
      wanted = { kind, severity: Number(slider.value) };
      run();
    };
    return { slider, whole: label(span(title), slider) };
  });
  const detail = select(
    { "aria-label": "Short side in px" },
    SIZES.map((px) => option({ value: px }, `${px} px`)),
  );
  detail.onchange = () => {
    short = Number(detail.value);
    known = new Map(); // what is still on its way is of the other size
    run();
  };
  const controls = div(
    { class: "live-controls" },
    label("Short side ", detail),
    button("button", "Reset", () => {
      for (const { slider } of sliders) slider.value = "0";
      wanted = { ...wanted, severity: 0 };
      run();
    }),
  );
  const side = div(
    { class: "stress-side" },
    div(
      { class: "sliders" },
      sliders.map(({ whole }) => whole),
    ),
    controls,
    curves,
  );
  const contents = [says, div({ class: "stress" }, stage.root, side)];
  const dialog = openDialog("stress", "Stress, on this device", contents, () => {
    isOpen = false;
    leave();
  });
  // Another photo, dropped here or gone back to, is shown where there is room for it.
  const leave = store.on(["subject", "preview"], (now) => {
    const isAnother = now.subject?.image !== subject?.image || (now.preview && now.preview !== preview);
    if (isAnother) dialog.close();
  });
  stage.show(able);

  async function begin() {
    say("Getting ready…");
    if (subject && !pixels.photo) await photoLoaded();
    if (!isOpen) return;
    if (!pixels.photo) return say("There is no picture yet: choose a photo or a sample first.");
    // Something to look at while the networks are fetched.
    stage.preview(await pictureOf(sizeAt(short, subject, multipleOf(able))));
    try {
      failed = await loadAll(able, classes, stage, say);
      isReady = true;
      say("Drag a slider: the networks answer on this device.");
    } catch ({ message }) {
      return say(message, " ", button("button small", "Try again", begin));
    }
    run();
  }

  async function run() {
    if (isRunning || !isReady) return;
    isRunning = true;
    await work().catch(({ message }) =>
      say(`It cannot go on: ${message} `, button("button small", "Try again", begin)),
    );
    isRunning = false;
  }

  /** What is wanted first; then, while nobody drags, what the curves of this kind still lack. */
  async function work() {
    let shown = null;
    while (isOpen) {
      const next = { ...wanted };
      const key = keyOf(next);
      if (!known.has(keyOf({ ...next, severity: 0 }))) await ask({ ...next, severity: 0 }, false);
      else if (shown !== `${key} ${short}`) {
        shown = `${key} ${short}`;
        await ask(next, true);
      } else {
        const missing = SEVERITIES.find((severity) => !known.has(keyOf({ ...next, severity })));
        if (!missing) {
          tell(); // another kind may have been wanted, and told of, in between
          break;
        }
        await ask({ ...next, severity: missing }, false);
      }
    }
  }

  /** Wait until the photo is there, or will not come. */
  const photoLoaded = () =>
    new Promise((resolve) =>
      store.on(["ready", "phase"], ({ ready, phase }) => (ready.photo || phase === "stopped") && resolve(null)),
    );

  /** The smallest of the photo's sizes that need not be enlarged. */
  const pictureOf = (size) =>
    createImageBitmap(pixels.photo.findLast(({ width }) => width >= size.width) ?? pixels.photo[0]);

  /** Names a kind at a severity; at severity 0 all kinds are one. */
  const keyOf = ({ kind, severity }) => (severity ? `${kind} ${severity}` : "clean");

  async function ask(stressed, isShown) {
    const [into, now] = [known, able.filter(({ name }) => !failed[name])];
    const size = sizeAt(short, subject, multipleOf(now));
    const answer = await engine.frame(await pictureOf(size), now, {
      size,
      layer: isShown && "labels",
      colours: coloursOf(classes, palette),
      stressed: { ...stressed, key: `${subject.id} ${size.width}` },
      truth:
        truth && fitted({ pixels: truth.ids, width: subject.width, height: subject.height }, size.width, size.height),
      classes: namesOf(classes),
    });
    const { figures, agreement } = answer;
    into.set(keyOf(stressed), { figures, agreement });
    if (!isOpen || into !== known) return;
    if (isShown) {
      stage.draw(answer, { layer: "labels", noteOf, failed });
      const worse = stressed.severity ? `${KINDS[stressed.kind]} ${stressed.severity}` : "As it was";
      say(`${worse}: all agree on ${percent(agreement ?? 1)}. Nothing of it leaves this device.`);
    }
    tell();
  }

  const noteOf = ({ kept, sure, miou }) =>
    [`keeps ${percent(kept ?? 1, 0)}`, sureWords(sure), Number.isFinite(miou) && `mIoU ${fraction(miou)}`]
      .filter(Boolean)
      .join(" · ");

  /** The curves of the kind at hand, and the same as a table. */
  function tell() {
    const { kind } = wanted;
    const at = [0, ...SEVERITIES].map((severity) => known.get(keyOf({ kind, severity })));
    const lines = able.map(({ name, title }) => ({ title, shares: at.map((each) => each?.figures[name]?.kept) }));
    const all = { title: "All agree", shares: at.map((each) => each?.agreement), dashed: true };
    const cell = (each, name) => {
      if (!each?.figures[name] || each.figures[name].failed) return "–";
      const { kept, miou } = each.figures[name];
      return [inPercent(kept ?? 1), Number.isFinite(miou) ? html.small(` ${fraction(miou)}`) : null];
    };
    const rows = able.map(({ name, title }, index) => {
      const breaks = breaksAt(lines[index].shares);
      return row(
        title,
        at.map((each) => cell(each, name)),
        { "data-breaks": breaks },
      );
    });
    curves.replaceChildren(
      plot(KINDS[kind], [...lines, all], wanted.severity),
      table(
        { class: "stages" },
        caption(`${KINDS[kind]}: what each keeps of its own clean answer, in %${truth ? ", and its mean IoU" : ""}`),
        thead(tr(headings(["Severity", ...at.keys()]))),
        tbody(
          rows,
          row(
            "All agree",
            at.map((each) => (each ? inPercent(each.agreement ?? 1) : "–")),
          ),
        ),
      ),
    );
  }

  begin();
}
