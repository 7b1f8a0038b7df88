// How a picture comes in: chosen, taken, dropped, pasted, or one of the samples.

import { $, button, fill, html, press } from "../dom.js";

let strip = null; // once there is a photo

/** Adds files to the strip; where that module cannot be fetched, one photo is compared all the same. */
async function keep(files, local, store, pixels, comparisons) {
  const { Strip } = await import("./strip.js");
  strip ??= new Strip(store, pixels, comparisons);
  strip.add(files, local);
}

export function mountIntake(/** @type {Store} */ store, pixels, comparisons) {
  const take = ([...files]) => {
    if (files.length === 0) return;
    const local = comparisons.isHere({}); // by now, and not by when the strip has come
    comparisons.openPhoto(files[0], local);
    keep(files, local, store, pixels, comparisons).catch(() => {});
  };
  for (const id of ["file", "camera"])
    $(id).addEventListener("change", ({ target }) => {
      take(target.files);
      target.value = ""; // so that the same file can be chosen again
    });
  const receive = async ({ files, items, types }) => {
    const photos = [...files];
    const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean); // later they are gone
    if (photos.length > 0 && !entries.some(({ isDirectory }) => isDirectory)) return take(photos);
    if (photos.length === 0 && !types.includes("text/uri-list")) return; // a word of the page itself
    const { filesOf, NO_FILE, NO_PICTURE } = await import("./dropped.js");
    const found = await filesOf(entries);
    if (found.length > 0) take(found);
    else store.set({ error: { problem: entries.length > 0 ? NO_PICTURE : NO_FILE } });
  };
  addEventListener("paste", ({ clipboardData }) => take(clipboardData.files));
  for (const type of ["dragover", "dragleave", "drop"])
    addEventListener(type, (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      const isOver = type === "dragover" || (type === "dragleave" && event.relatedTarget !== null);
      document.body.classList.toggle("dropping", isOver && event.dataTransfer.types.includes("Files"));
      if (type === "drop") receive(event.dataTransfer).catch((error) => comparisons.fail(error, null));
    });

  store.on(["subject"], () => $("intake").hidePopover());

  store.on(["limits"], ({ limits }) => {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-limit]")))
      place.textContent = limits?.[place.dataset.limit];
  });
  store.on(["samples"], ({ samples }) =>
    fill(
      "samples",
      samples.map((sample) => {
        const { id, title, description, thumbnail: src } = sample;
        const content = [html.img({ src, alt: "", width: 480, height: 240, loading: "lazy" }), html.span(title)];
        const about = { "data-sample": id, title: `${title}: ${description}` };
        return html.li(button(null, content, () => comparisons.openSample(sample), about));
      }),
    ),
  );
  store.on(["subject", "samples"], ({ subject }) => press("samples", ({ sample }) => sample === subject?.sample));
}
