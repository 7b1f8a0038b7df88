// What each model keeps as photos get worse: a small chart for each way, and the means as a table.

const LINES = ["#0b6e99", "#c2571a", "#5a7d2b", "#8a3f8f", "#96700a", "#a33048", "#0f9d9d", "#7b74e8"];

function stressCurves() {
  const found = Object.entries(report.stress).filter(([, model]) => model.photos);
  if (!found.length) return;
  const right = found.some(([, model]) => model.clean_miou !== null);
  const drawn = Object.entries(report.kinds).map(([kind, title]) => {
    const curves = found.map(([name, model], i) => ({
      name: titles[name] ?? name,
      colour: LINES[i % LINES.length],
      values: [1, ...model.kinds[kind].same],
    }));
    return el("figure", {}, el("figcaption", { text: title }), curveChart(title, curves));
  });
  const mean = (values) => values.reduce((sum, value) => sum + (value ?? 0), 0) / values.length;
  const head = el(
    "tr",
    {},
    el("th", { text: "Mean over severities", scope: "col" }),
    ...found.map(([name], i) =>
      el(
        "th",
        { scope: "col", class: "number" },
        el("i", { class: "swatch", style: `background:${LINES[i % LINES.length]}` }),
        titles[name] ?? name,
      ),
    ),
  );
  const cells = (kind) =>
    found.map(([, model]) => {
      const { same, miou } = model.kinds[kind];
      return el(
        "td",
        { class: "number" },
        el("b", { text: percent(mean(same)) }),
        right ? el("small", { text: ` mIoU ${score(mean(miou))}` }) : null,
      );
    });
  const rows = Object.entries(report.kinds).map(([kind, title]) =>
    el("tr", {}, el("th", { scope: "row", text: title }), ...cells(kind)),
  );
  if (right)
    rows.unshift(
      el(
        "tr",
        {},
        el("th", { scope: "row", text: "Clean" }),
        ...found.map(([, model]) =>
          el(
            "td",
            { class: "number" },
            el("b", { text: percent(1) }),
            el("small", { text: ` mIoU ${score(model.clean_miou)}` }),
          ),
        ),
      ),
    );
  const photos = Math.max(...found.map(([, model]) => model.photos));
  section(
    "stress",
    "Stress",
    `${plural(photos, "photo")} made worse in ${drawn.length} ways. Up: share of the pixels that keep the answer given for the clean photo; across: severity, 0 to 5.`,
    el("div", { class: "curves" }, ...drawn),
    el("div", { class: "scroll" }, el("table", { class: "stress" }, el("thead", {}, head), el("tbody", {}, ...rows))),
  );
}

/** Lines from 0 to 1 over the severities. */
function curveChart(title, curves) {
  const [wide, high, edge] = [200, 120, 22];
  const x = (at, count) => edge + (at / (count - 1)) * (wide - edge - 6);
  const y = (value) => 6 + (1 - value) * (high - edge - 6);
  const grid = [0, 0.5, 1].flatMap((value) => [
    svg("line", { class: "grid", x1: edge, x2: wide - 6, y1: y(value), y2: y(value) }),
    svg("text", { x: edge - 4, y: y(value) + 4, "text-anchor": "end" }, String(100 * value)),
  ]);
  const lines = curves.map(({ name, colour, values }) =>
    svg(
      "polyline",
      {
        points: values.map((value, at) => `${x(at, values.length)},${y(value)}`).join(" "),
        fill: "none",
        stroke: colour,
        "stroke-width": 2,
      },
      svg("title", {}, `${name}: ${values.map((value) => percent(value)).join(", ")}`),
    ),
  );
  const words = curves.map(({ name, values }) => `${name} keeps ${percent(values.at(-1))} at the worst`).join(", ");
  return svg(
    "svg",
    { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${title}: ${words}` },
    ...grid,
    ...lines,
  );
}
