// The report, from what a reader wants first to what they look up.

function listed(id, title, lead, entries) {
  if (!entries.length) return;
  const rows = entries.map(({ photo, reason }) =>
    el("tr", {}, el("th", { scope: "row", text: photo }), el("td", { text: reason })),
  );
  section(id, title, lead, el("div", { class: "scroll" }, el("table", { class: "reasons" }, el("tbody", {}, ...rows))));
}

overview();
photos();
classes();
agreement();
confusion();
calibration();
stressCurves();
listed("unreadable", "Not read", null, report.unreadable);
listed("unscored", "Not scored", "These photos have answers, but no label map that could be used.", report.unscored);

const means = [
  scored &&
    "mIoU is the mean over the classes that the label maps hold; pixels that no class is given to do not count.",
  "Intervals are by bootstrap over photos, 1000 draws.",
  report.place === "here"
    ? "Time here is on this machine, all its processes together; dollars are for Lambda's time and requests alone."
    : `Times are those of ${report.place}, as many photos at once as were asked for; dollars are for Lambda's time and requests alone.`,
  report.shown.length > 1000 && "The thousand most doubtful photos have pictures.",
].filter(Boolean);
document
  .querySelector("footer")
  .append(
    el("p", { text: means.join(" ") }),
    el("p", {}, "Made by Tripane. All rows are in results.csv, beside this page."),
  );
