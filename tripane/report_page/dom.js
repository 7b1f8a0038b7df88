// Elements, numbers and words: what every part of the report is made of.

const report = JSON.parse(document.getElementById("data").textContent);
const models = report.models;
const titles = Object.fromEntries(models.map((model) => [model.name, model.title]));
const scored = report.scored > 0;
const where = report.place === "here" ? "here" : "there";

/** An element with properties and children; a property that is no property of elements becomes an attribute. */
function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key in element && typeof value !== "string") element[key] = value;
    else if (key === "text") element.textContent = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const percent = (share, digits = 1) =>
  share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`;
const score = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));
const milliseconds = (value) =>
  value === null || value === undefined ? "–" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const dollars = (value) =>
  value === null || value === undefined ? "–" : `$${value < 1 ? value.toFixed(3) : value.toFixed(2)}`;

/** What a figure's interval says, for a title. */
const range = (figure, format = score) =>
  figure ? `95 % of draws of the photos lie between ${format(figure.low)} and ${format(figure.high)}` : "";

function section(id, title, lead, ...content) {
  document.querySelector("nav").append(el("a", { href: `#${id}`, text: title }));
  const made = el(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title`, text: title }),
    lead ? el("p", { class: "lead", text: lead }) : null,
    ...content,
  );
  document.querySelector("main").append(made);
  return made;
}
