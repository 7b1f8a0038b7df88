// How a picture comes in: chosen, taken, dropped, pasted, or one of the samples.

import { $, button, html } from "../dom.js";

export function mountIntake(store, onPhoto, onSample) {
  const take = (files) => {
    const [file] = files;
    if (file) onPhoto(file);
  };
  for (const id of ["file", "camera"])
    $(id).addEventListener("change", ({ target }) => {
      take(target.files);
      target.value = ""; // so that the same file can be chosen again
    });
  addEventListener("paste", ({ clipboardData }) =>
    take([...clipboardData.files].filter(({ type }) => type.startsWith("image/"))),
  );
  const over = (whether) => document.body.classList.toggle("dropping", whether);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && over(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take(event.dataTransfer.files);
  });

  store.on(["samples"], ({ samples }) =>
    $("samples").replaceChildren(
      ...samples.map((sample) => {
        const { id, title, description, thumbnail } = sample;
        const image = html.img({ src: thumbnail, alt: "", width: 480, height: 240 });
        const about = { "data-sample": id, title: `${title}: ${description}` };
        return html.li(button(null, [image, html.span(title)], () => onSample(sample), about));
      }),
    ),
  );
  store.on(["subject", "samples"], ({ subject }) => {
    for (const each of $("samples").querySelectorAll("button"))
      each.setAttribute("aria-pressed", each.dataset.sample === subject?.sample);
  });
}
