// A dialog that fills the window, for moving pictures; its style comes with it.

import { button, html } from "../dom.js";

const { dialog, header, h2, link } = html;
const STYLE = new URL("../../style/live.css", import.meta.url).href;

/** Shown at once; `onClose` is called however it is closed. */
export function openDialog(id, title, contents, onClose) {
  if (!document.querySelector(`link[href="${STYLE}"]`)) document.head.append(link({ rel: "stylesheet", href: STYLE }));
  const shut = button("button", "Close", () => made.close());
  const head = header(h2({ id: `${id}-title` }, title), shut);
  const made = dialog({ id, class: "dialog moving", "aria-labelledby": `${id}-title` }, head, contents);
  made.addEventListener("close", () => {
    made.remove();
    onClose();
  });
  document.body.append(made);
  made.showModal();
  return made;
}
