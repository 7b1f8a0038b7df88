// The photo and one pane for each model, which fills as that model finishes.

import { element, percent, seconds } from "./dom.js";

/**
 * @param {HTMLElement} root
 * @param {{name: string, title: string}[]} models
 * @param {(model: string) => void} onRetry
 */
export class Panes {
  constructor(root, models, onRetry) {
    this.root = root;
    this.models = models;
    this.onRetry = onRetry;
  }

  /** Show a photo that nobody has answered for yet. */
  begin(source, size, alt) {
    this.source = source;
    this.began = performance.now();
    this.panes = new Map();
    const photo = this.#pane("Photo", alt);
    photo.caption.textContent = `${size.width} × ${size.height}`;
    for (const { name, title } of this.models) {
      const pane = this.#pane(title, "");
      pane.figure.dataset.state = "running";
      pane.figure.dataset.model = name;
      this.panes.set(name, pane);
    }
    for (const { stage } of [photo, ...this.panes.values()]) stage.style.aspectRatio = `${size.width} / ${size.height}`;
    this.root.replaceChildren(photo.figure, ...[...this.panes.values()].map((pane) => pane.figure));
  }

  /** Say how long the models that still run have run. */
  tick() {
    const waited = seconds(performance.now() - this.began);
    for (const { figure, caption } of this.panes?.values() ?? []) {
      if (figure.dataset.state === "running") caption.textContent = `working… ${waited}`;
    }
  }

  /** Show what a comparison document holds. */
  update(comparison) {
    for (const [name, pane] of this.panes) {
      const answer = comparison.models[name];
      if (answer?.status === "ok") this.#answered(pane, answer);
      else if (answer?.status === "failed") this.#failed(pane, name, answer.problem);
      else pane.figure.dataset.state = "running";
    }
  }

  /** Have one model run again. */
  restart(name) {
    const pane = this.panes.get(name);
    this.began = performance.now();
    pane.figure.dataset.state = "running";
    pane.stage.querySelector(".failure")?.remove();
  }

  /** No model works any more, whatever they showed last. */
  stop() {
    for (const { figure, caption } of this.panes?.values() ?? []) {
      if (figure.dataset.state !== "running") continue;
      figure.dataset.state = "stopped";
      caption.textContent = "not asked";
    }
  }

  #pane(title, alt) {
    const cross = element("span", { class: "cross", "aria-hidden": "true" });
    const stage = element("div", { class: "stage" }, element("img", { src: this.source, alt }), cross);
    const caption = element("span");
    const figure = element(
      "figure",
      { class: "pane" },
      stage,
      element("figcaption", {}, element("strong", {}, title), caption),
    );
    return { figure, stage, caption, title };
  }

  #answered(pane, answer) {
    if (pane.figure.dataset.state === "ok") return;
    pane.figure.dataset.state = "ok";
    pane.stage.querySelector(".failure")?.remove();
    const most = Object.entries(answer.classes).sort((a, b) => b[1] - a[1])[0];
    const alt = `${pane.title}: mostly ${most[0].replace("_", " ")}, ${percent(most[1], 0)} of the picture`;
    pane.stage.append(element("img", { class: "overlay", src: answer.links.overlay, alt }));
    pane.caption.textContent = `${seconds(answer.timings_ms.total)} · ${percent(answer.confidence, 0)} sure on average`;
  }

  #failed(pane, name, problem) {
    if (pane.figure.dataset.state === "failed") return;
    pane.figure.dataset.state = "failed";
    pane.caption.textContent = "failed";
    const retry = element(
      "button",
      { class: "button", type: "button", onclick: () => this.onRetry(name) },
      `Ask ${pane.title} again`,
    );
    pane.stage.append(
      element(
        "div",
        { class: "failure" },
        element("h3", {}, problem.title),
        element("p", {}, problem.detail),
        retry,
        problem.request_id ? element("p", { class: "request-id" }, `Request ${problem.request_id}`) : null,
      ),
    );
  }
}
