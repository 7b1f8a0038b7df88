// How a picture comes in: chosen, taken, dropped, pasted, or one of the samples.

import { $, element } from "../dom.js";

/**
 * @param {Store} store
 * @param {{photo: (file: File) => void, sample: (sample: object) => void}} on
 */
export function mountIntake(store, on) {
  for (const id of ["file", "camera"]) {
    $(id).addEventListener("change", ({ target }) => {
      const [file] = target.files;
      if (file) on.photo(file);
      target.value = ""; // so that the same file can be chosen again
    });
  }
  addEventListener("paste", ({ clipboardData }) => {
    const file = [...clipboardData.files].find(({ type }) => type.startsWith("image/"));
    if (file) on.photo(file);
  });
  const over = (whether) => document.body.classList.toggle("dropping", whether);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && over(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    const [file] = event.dataTransfer.files;
    if (file) on.photo(file);
  });

  store.on(["samples"], ({ samples }) => {
    $("samples").replaceChildren(...samples.map((sample) => button(sample, on.sample)));
  });
  store.on(["subject", "samples"], ({ subject }) => {
    for (const each of $("samples").querySelectorAll("button"))
      each.setAttribute("aria-pressed", each.dataset.sample === subject?.sample);
  });
}

function button(sample, onSample) {
  const image = element("img", { src: sample.thumbnail, alt: "", width: 480, height: 240 });
  const attributes = {
    type: "button",
    "data-sample": sample.id,
    title: `${sample.title}: ${sample.description}`,
    onclick: () => onSample(sample),
  };
  return element("li", {}, element("button", attributes, image, element("span", {}, sample.title)));
}
