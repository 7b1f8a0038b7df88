// What was taken for what, and how well the chance of being right foretold it; both lead to the photos.

/** What a model may answer: a class, or, if it was brought with classes of its own, none of them. */
const answerTitles = [...report.classes.map((label) => label.title), "Nothing"];

function confusion() {
  const judged = ranking.filter((model) => model.confusion);
  if (!judged.length) return;
  const table = el("table", { class: "confusion" });
  const draw = (model) => {
    const sums = model.confusion.map((row) => row.reduce((a, b) => a + b, 0));
    const given = model.confusion.some((row) => row.at(-1)) ? answerTitles : answerTitles.slice(0, -1);
    const held = report.classes.map((_, i) => i).filter((i) => sums[i] > 0);
    const head = el(
      "tr",
      {},
      el("td", { class: "corner", text: "truth ↓ answer →" }),
      ...given.map((title) => el("th", { scope: "col" }, el("span", { text: title }))),
    );
    const rows = held.map((t) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          el("i", { class: "swatch", style: `background:${report.classes[t].colour}` }),
          report.classes[t].title,
        ),
        ...given.map((title, a) => {
          const share = model.confusion[t][a] / sums[t];
          const cell = t * answerTitles.length + a;
          const words =
            t === a
              ? `${percent(share)} of ${title} is found`
              : `${percent(share)} of ${report.classes[t].title} is taken for ${title.toLowerCase()}`;
          const button = el("button", {
            type: "button",
            title: words,
            "aria-label": words,
            disabled: t === a || share < 0.0005,
            text: share >= 0.0005 ? (100 * share).toFixed(share < 0.1 ? 1 : 0) : "",
          });
          button.addEventListener("click", () =>
            showConfusion(
              model.name,
              cell,
              `${report.classes[t].title} taken for ${title.toLowerCase()} by ${model.title}`,
            ),
          );
          return el(
            "td",
            { class: t === a ? "right" : "wrong", style: `--share:${Math.sqrt(share).toFixed(3)}` },
            button,
          );
        }),
      ),
    );
    table.replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
  };
  draw(judged[0]);
  const choice = choose(
    "Model",
    judged.map((model) => [model.name, model.title]),
    (name) => draw(judged.find((model) => model.name === name)),
  );
  section(
    "confusion",
    "Confusion",
    "Each row is a class of the truth, and where its pixels went, in percent. Choose a cell to see the photos it comes from, worst first.",
    choice,
    el("div", { class: "scroll" }, table),
  );
}

function calibration() {
  if (!scored || !report.calibrated) return;
  const points = report.shown.flatMap((photo) => {
    const answers = Object.values(photo.models).filter(
      (answer) => answer.pixel_accuracy !== undefined && answer.pixel_accuracy !== null,
    );
    if (!answers.length || photo.chance === null) return [];
    const mean = (key) => answers.reduce((sum, answer) => sum + answer[key], 0) / answers.length;
    return [{ name: photo.name, x: mean("chance"), y: mean("pixel_accuracy") }];
  });
  if (points.length < 3) return;
  const error = points.reduce((sum, point) => sum + Math.abs(point.x - point.y), 0) / points.length;
  const bias = points.reduce((sum, point) => sum + point.x - point.y, 0) / points.length;
  const words = `By photo, the mean over models. The foretold accuracy is ${percent(error)} off on average${Math.abs(bias) > 0.01 ? `, mostly too ${bias > 0 ? "high" : "low"}` : ""}. The chance was fitted on ${report.calibration}.`;
  section(
    "calibration",
    "Calibration",
    words,
    el(
      "figure",
      {},
      scatter(points, (name) => showDetail(name)),
      el("figcaption", {
        text: "Across: chance of being right, foretold without labels. Up: pixel accuracy, found with them.",
      }),
    ),
  );
}
