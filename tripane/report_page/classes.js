// By class: how well each model does where the truth is known, how far they agree where it is not.

function classes() {
  const pairs = report.pairs.map((pair) => ({
    title: pair.models.map((name) => titles[name] ?? name).join(" & "),
    iou: pair.iou,
  }));
  const judges = scored
    ? ranking.filter((model) => model.iou).map((model) => ({ title: model.title, iou: model.iou }))
    : pairs;
  if (!judges.length) return;
  const rows = report.classes.map((label) => {
    const figures = judges.map((judge) => judge.iou[label.name]);
    const best = Math.max(...figures.map((figure) => figure?.value ?? -1));
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, el("i", { class: "swatch", style: `background:${label.colour}` }), label.title),
      ...figures.map((figure, i) =>
        el(
          "td",
          { "data-title": judges[i].title, class: figure && figure.value === best && judges.length > 1 ? "best" : "" },
          el("b", { text: figure ? score(figure.value) : "–" }),
          whisker(figure, 0, 1),
        ),
      ),
    );
  });
  const head = [
    el("th", { text: "Class", scope: "col" }),
    ...judges.map((judge) => el("th", { text: judge.title, scope: "col" })),
  ];
  const lead = scored
    ? "Intersection over union of each class over all photos with truth; classes that the label maps never hold have none."
    : "How far each two models agree on a class: intersection over union of what one and the other call by its name.";
  section(
    "classes",
    "Classes",
    lead,
    el(
      "div",
      { class: "scroll" },
      el("table", { class: "classes" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)),
    ),
  );
}

function agreement() {
  if (report.pairs.length < 1) return;
  const [low, high] = bounds(report.pairs.map((pair) => pair.agreement));
  const rows = report.pairs.map((pair) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", text: pair.models.map((name) => titles[name] ?? name).join(" & ") }),
      el("td", {}, el("b", { text: percent(pair.agreement?.value) }), whisker(pair.agreement, low, high, percent)),
    ),
  );
  const all =
    report.all_agree && models.length > 2
      ? [
          el(
            "tr",
            {},
            el("th", { scope: "row", text: `All ${models.length}` }),
            el(
              "td",
              {},
              el("b", { text: percent(report.all_agree.value) }),
              whisker(report.all_agree, Math.min(low, report.all_agree.low), high, percent),
            ),
          ),
        ]
      : [];
  section(
    "agreement",
    "Agreement",
    "Share of pixels on which models give the same answer.",
    el("table", { class: "narrow" }, el("tbody", {}, ...rows, ...all)),
  );
}
