// What comes first: one sentence that answers, and the models one below the other.

const lead = scored ? "miou" : report.calibrated ? "chance_right" : "agreement";
const LEADS = {
  miou: { title: "mIoU", format: score },
  chance_right: { title: "chance of being right", format: percent },
  agreement: { title: "agreement with the winning answer", format: percent },
};
const ranking = models.toSorted((a, b) => (b[lead]?.value ?? -1) - (a[lead]?.value ?? -1));

/** What a reader takes away: a headline, and what else to know. */
function verdict() {
  const [first, second] = ranking;
  if (!first?.[lead]) return ["No model answered for any photo."];
  const { title, format } = LEADS[lead];
  const figure = format(first[lead].value);
  if (!second?.[lead]) return [`${first.title}: ${title} ${figure}`];
  if (lead === "agreement") return [`The models agree on ${percent(report.all_agree?.value)} of the pixels`];
  const overlap = first[lead].low <= second[lead].high;
  // Of those that can be judged: one that answered only for photos without truth has a time, but no figure.
  const quickest = models
    .filter((model) => model[lead] && model.network_ms !== null)
    .toSorted((a, b) => a.network_ms - b.network_ms)[0];
  if (!scored && overlap) {
    const least = format(Math.min(...ranking.filter((model) => model[lead]).map((model) => model[lead].value)));
    const span = least === figure ? figure : `${least} to ${figure}`;
    return [
      `Each model is likely right on ${span} of the pixels`,
      `Which is best cannot be told without labels: on other photos the order may be another.${quickest ? ` ${quickest.title} is the fastest.` : ""}`,
    ];
  }
  const headline = scored
    ? `${first.title} does best: ${title} ${figure}`
    : `${first.title} is most likely right, on ${figure} of the pixels`;
  const close = overlap
    ? `${second.title} is close, at ${format(second[lead].value)}: on other photos it may come first.`
    : `${second.title} comes next, at ${format(second[lead].value)}.`;
  return [headline, [close, ...pace(quickest, first, second, format)].join(" ")];
}

/** How fast the fastest is beside the first; nothing where either's time is not known. */
function pace(quickest, first, second, format) {
  if (!quickest || first.network_ms === null) return [];
  if (quickest === first) return ["The first is the fastest too."];
  const times = (first.network_ms / quickest.network_ms).toFixed(1);
  const figure = quickest === second ? "" : `, at ${format(quickest[lead].value)}`;
  return [`${quickest.title} is ${times} times as fast as the first${figure}.`];
}

function overview() {
  const columns = [
    scored && { title: "mIoU", key: "miou", judges: true, format: score },
    scored && { title: "Pixel accuracy", key: "pixel_accuracy", judges: true, format: percent },
    scored && {
      title: "Along outlines",
      key: "boundary_accuracy",
      judges: true,
      format: percent,
      note: "Accuracy within half a percent of the diagonal around each outline",
    },
    report.calibrated && {
      title: "Chance of being right",
      key: "chance_right",
      judges: true,
      format: percent,
      note: "Foretold without labels, from agreement and confidence",
    },
    models.length > 1 && {
      title: "Agreement",
      key: "agreement",
      format: percent,
      note: "Share of pixels where the model gives the answer that most give",
    },
    { title: "Confidence", key: "confidence", format: percent },
  ].filter(Boolean);
  const bests = columns.map((column) => Math.max(...models.map((model) => model[column.key]?.value ?? -1)));
  const scales = columns.map((column) => bounds(models.map((model) => model[column.key])));
  const head = [
    el("th", { text: "Model", scope: "col" }),
    ...columns.map((column) => el("th", { text: column.title, title: column.note, scope: "col" })),
    el("th", { text: "Network", scope: "col", class: "number", title: "Median, one thread" }),
    el("th", { text: `1000 photos ${where}`, scope: "col", class: "number" }),
    el("th", {
      text: "on AWS Lambda",
      scope: "col",
      class: "number",
      title: "3 GB, at the published price, if a photo takes as long there",
    }),
  ];
  const rows = ranking.map((model) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        model.title,
        model.failed ? el("small", { class: "bad", text: ` failed on ${model.failed}` }) : null,
      ),
      ...columns.map((column, i) =>
        el(
          "td",
          {
            "data-title": column.title,
            class: column.judges && models.length > 1 && model[column.key]?.value === bests[i] ? "best" : "",
          },
          el("b", { text: column.format(model[column.key]?.value) }),
          whisker(model[column.key], ...scales[i], column.format),
        ),
      ),
      el("td", { class: "number", "data-title": "Network", text: milliseconds(model.network_ms) }),
      el("td", { class: "number", "data-title": `1000 photos ${where}`, text: duration(model.seconds_per_thousand) }),
      el("td", { class: "number", "data-title": "on AWS Lambda", text: dollars(model.lambda_usd_per_thousand) }),
    ),
  );
  const folder = report.folder.split(/[\\/]/).filter(Boolean).at(-1) ?? report.folder;
  const facts = [
    plural(report.photos, "photo"),
    plural(models.length, "model"),
    (scored || report.unscored.length > 0) && `${report.scored.toLocaleString("en")} with truth (${report.labels})`,
    report.all_agree && models.length > 1 && `all agree on ${percent(report.all_agree.value)}`,
    report.unreadable.length && `${report.unreadable.length} could not be read`,
    new Date(report.made).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" }),
  ].filter(Boolean);
  const [headline, more] = verdict();
  document
    .querySelector("main")
    .append(
      el(
        "section",
        { class: "hero" },
        el("p", { class: "where", text: folder, title: report.folder }),
        el("h1", { text: headline }),
        more ? el("p", { class: "lead", text: more }) : null,
        report.labels_note ? el("p", { class: "lead", text: report.labels_note }) : null,
        el("p", { class: "facts" }, ...facts.map((fact) => el("span", { text: fact }))),
      ),
    );
  section(
    "models",
    "Models",
    null,
    el(
      "div",
      { class: "scroll" },
      el("table", { class: "models" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)),
    ),
    el("p", {
      class: "note",
      text: "The dot is the measured value, the bar its 95 % confidence interval (bootstrap over these photos).",
    }),
  );
}
