// What the same picture takes here and there: a column for each place, as it was measured.

import { $, headings, html, row } from "../dom.js";
import { dollars, kilobytes, milliseconds } from "../words.js";
import { engine } from "./engine.js";

const { caption, div, h3, p, table, tbody, thead, tr } = html;
const NOT_YET = "not run yet";

/** Fills the tab of times. `places` holds the last comparison of this picture by place. */
export function showPlaces(/** @type {State} */ { models, places, subject }) {
  const columns = [
    columnOf(deviceName(), models, places.here, {
      // One after the other, so that each has the whole device.
      all: sum,
      cost: () => "nothing",
      bytes: "nothing",
    }),
    columnOf("The server, warm", models, places.there, there(subject, 0)),
    columnOf("… after a cold start", models, places.there, there(subject, 1)),
  ];
  const titles = [...models.map(({ title }) => title), "All", "Cost", "Sent"];
  $("places").replaceChildren(
    h3("Here, and there"),
    div(
      { class: "wide", tabindex: 0, role: "region", "aria-label": "Time by place" },
      table(
        { class: "stages" },
        caption({ class: "visually-hidden" }, "Time, cost and bytes by place"),
        thead(tr(headings(["Place", ...columns.map(({ place }) => place)]))),
        tbody(
          titles.map((title, at) =>
            row(
              title,
              columns.map(({ cells }) => cells[at]),
            ),
          ),
        ),
      ),
    ),
    p(
      { class: "quiet" },
      "There, models answer at once, so the slowest counts; here, in turn. Each place by its own clock.",
    ),
  );
}

const sum = (times) => times.reduce((total, ms) => total + ms, 0);
const deviceName = () =>
  `This device${engine.threads ? `, ${engine.threads === 1 ? "one thread" : `${engine.threads} threads`}` : ""}`;

/** The server's times, with `colds` cold starts before each answer. */
const there = ({ sent, bytes }, colds) => ({
  colds,
  all: (times) => Math.max(...times),
  cost: (answers, price) => {
    const usd = ({ memory_mb: mb, init_ms: init, timings_ms: { total } }) =>
      (mb / 1024) * ((total + colds * init) / 1000) * price.usd_per_gb_second + price.usd_per_request;
    return dollars(sum(answers.map(usd)));
  },
  bytes: sent ? kilobytes(sent) : bytes ? "nothing: a sample" : "–",
});

function columnOf(place, models, comparison, { all, cost, bytes, colds = 0 }) {
  const answers = models.map(({ name }) => comparison?.models[name]).filter((answer) => answer?.status === "ok");
  const timeOf = ({ timings_ms: timings, init_ms: init }) => timings.total + colds * (init ?? 0);
  const each = models.map(({ name }) => {
    const answer = comparison?.models[name];
    return answer?.status === "ok" ? milliseconds(timeOf(answer)) : "–";
  });
  if (answers.length === 0) return { place, cells: [...each, NOT_YET, "–", "–"] };
  const cells = [...each, milliseconds(all(answers.map(timeOf))), cost(answers, comparison.price), bytes];
  return { place, cells };
}
