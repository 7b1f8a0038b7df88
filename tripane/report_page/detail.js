// One photo, every model's answer side by side.

const dialog = document.querySelector("dialog");

function showDetail(name) {
  const order = [...sheet.grid.children].map((made) => made.photo);
  const photo = report.shown.find((shown) => shown.name === name);
  const at = order.indexOf(photo);
  const step = (by) => order[at + by] && showDetail(order[at + by].name);
  const close = el("button", { type: "button", text: "Close", class: "close" });
  close.addEventListener("click", () => dialog.close());
  const back = el("button", { type: "button", text: "‹", "aria-label": "Previous photo", disabled: !order[at - 1] });
  const on = el("button", {
    type: "button",
    text: "›",
    "aria-label": "Next photo",
    disabled: at < 0 || !order[at + 1],
  });
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  const facts = [
    `${photo.size[0]} × ${photo.size[1]} px`,
    photo.agree !== null && models.length > 1 ? `all agree on ${percent(photo.agree)}` : null,
    photo.chance !== null ? `the winning answer is right with a chance of ${percent(photo.chance)}` : null,
    photo.unscored,
  ].filter(Boolean);
  const panes = [
    pane("Photo", layered(photo, null), []),
    ...Object.entries(photo.models).map(([model, answer]) =>
      pane(titles[model] ?? model, layered(photo, model), figuresOf(answer)),
    ),
    ...Object.entries(photo.failed).map(([model, reason]) =>
      el(
        "figure",
        { class: "failed" },
        el("figcaption", {}, el("b", { text: titles[model] ?? model }), el("span", { text: reason })),
      ),
    ),
    Object.keys(photo.models).length > 1 ? pane("Disagreement", layered(photo, DISAGREEMENT), []) : null,
  ];
  const held = [...dialog.querySelectorAll("header button")].indexOf(document.activeElement);
  dialog.replaceChildren(
    el("header", {}, el("h2", { id: "detail-name", text: photo.name }), back, on, close),
    el("p", { class: "facts" }, ...facts.map((fact) => el("span", { text: fact }))),
    el("div", { class: "panes" }, ...panes.filter(Boolean)),
    legend(photo),
  );
  dialog.onkeydown = ({ key }) => {
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  };
  if (dialog.open) keepFocus([back, on, close], held);
  else dialog.showModal();
}

/** The control that had the focus was replaced; without it the dialog would hear no further key. */
function keepFocus(controls, at) {
  const again = controls[at];
  (again && !again.disabled ? again : controls.at(-1)).focus();
}

const pane = (title, frame, lines) =>
  el(
    "figure",
    {},
    frame,
    el("figcaption", {}, el("b", { text: title }), ...lines.map((line) => el("span", { text: line }))),
  );

function figuresOf(answer) {
  const confusions = (answer.confusions ?? []).slice(0, 2).map(([cell, share]) => {
    const names = [Math.floor(cell / answerTitles.length), cell % answerTitles.length].map((i) =>
      answerTitles[i].toLowerCase(),
    );
    return `${percent(share)}: ${names[0]} taken for ${names[1]}`;
  });
  return [
    answer.miou !== undefined
      ? `mIoU ${score(answer.miou)}, ${percent(answer.pixel_accuracy)} of the pixels right`
      : null,
    answer.chance !== null
      ? `chance of being right ${percent(answer.chance)}`
      : `confidence ${percent(answer.confidence)}`,
    models.length > 1 ? `agrees with the winning answer on ${percent(answer.agreement)}` : null,
    ...confusions,
    `network ${milliseconds(answer.ms)}`,
  ].filter(Boolean);
}

function legend(photo) {
  const seen = report.classes.filter((_, i) => Object.values(photo.models).some((answer) => answer.shares[i] >= 0.002));
  return el(
    "p",
    { class: "legend" },
    ...seen.map((label) =>
      el("span", {}, el("i", { class: "swatch", style: `background:${label.colour}` }), label.title),
    ),
  );
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
