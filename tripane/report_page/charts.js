// The few charts of the report, drawn as SVG so that they print sharply.

/** A dot with its interval on a scale from `low` to `high`. */
function whisker(figure, low, high, format = score) {
  const at = (value) => `${Math.min(100, Math.max(0, (100 * (value - low)) / (high - low || 1)))}%`;
  if (!figure) return el("span", { class: "whisker none" });
  return el(
    "span",
    { class: "whisker", title: range(figure, format) },
    el("i", { class: "reach", style: `left:${at(figure.low)};right:calc(100% - ${at(figure.high)})` }),
    el("i", { class: "dot", style: `left:${at(figure.value)}` }),
  );
}

/** Bounds that hold all figures given, and a little more. */
function bounds(figures) {
  const known = figures.filter(Boolean);
  if (!known.length) return [0, 1];
  const low = Math.min(...known.map((figure) => figure.low));
  const high = Math.max(...known.map((figure) => figure.high));
  const margin = Math.max(0.01, (high - low) * 0.08);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}

/** Chance foretold against accuracy found, a dot a photo. */
function scatter(points, chosen) {
  const side = 320;
  const edge = 38;
  const low = Math.min(0.9, ...points.map((point) => Math.min(point.x, point.y))) - 0.02;
  const at = (value) => edge + ((value - low) / (1 - low)) * (side - edge - 20);
  const ticks = [low + 0.02, (1 + low) / 2, 1]
    .map((value) => Math.round(value * 20) / 20)
    .filter((value, i, all) => value >= low && all.indexOf(value) === i);
  const axes = ticks.flatMap((tick) => [
    svg("text", { x: at(tick), y: side - 12, "text-anchor": "middle" }, `${Math.round(100 * tick)} %`),
    svg("text", { x: edge - 6, y: side - at(tick) + 4, "text-anchor": "end" }, `${Math.round(100 * tick)}`),
    svg("line", { class: "grid", x1: at(tick), x2: at(tick), y1: 20, y2: side - edge }),
    svg("line", { class: "grid", x1: edge, x2: side - 20, y1: side - at(tick), y2: side - at(tick) }),
  ]);
  const dots = points.map((point) => {
    const dot = svg(
      "circle",
      { cx: at(point.x), cy: side - at(point.y), r: 3.5, tabindex: -1 },
      svg("title", {}, `${point.name}: foretold ${percent(point.x)}, found ${percent(point.y)}`),
    );
    dot.addEventListener("click", () => chosen(point.name));
    return dot;
  });
  const diagonal = svg("line", { class: "diagonal", x1: at(low), y1: side - at(low), x2: at(1), y2: side - at(1) });
  return svg(
    "svg",
    {
      viewBox: `0 0 ${side} ${side}`,
      class: "scatter",
      role: "img",
      "aria-label": "Chance of being right against pixel accuracy, by photo",
    },
    ...axes,
    diagonal,
    ...dots,
  );
}
