// The contact sheet: photos worst first, with a model's mask, filtered and sorted as one likes.

const DISAGREEMENT = "disagreement";
const view = { sort: "doubt", mask: null, opacity: 0.6, text: "", label: "", below: 1, cell: null, model: null };
const doubtOf = (photo) => (photo.chance === null ? 1 - (photo.agree ?? 1) : 1 - photo.chance);
const trust = (photo) => 1 - doubtOf(photo);
const sheet = {
  grid: el("div", { class: "grid" }),
  count: el("p", { class: "count", role: "status" }),
  chip: el("p", { class: "chip" }),
};
const MOST_PRINTED = 60;

function choose(title, options, changed) {
  const select = el("select", {}, ...options.map(([value, text]) => el("option", { value, text })));
  select.addEventListener("change", () => changed(select.value));
  return el("label", { class: "choice" }, el("span", { text: title }), select);
}

const source = (photo) => `data:image/webp;base64,${photo.picture}`;
const maskOf = (photo, name) => (photo.masks?.[name] ? `data:image/png;base64,${photo.masks[name]}` : null);

/** Pixels on which not all models agree, as a picture; drawn when it is first wanted. */
async function disagreement(photo) {
  if (photo.disagreement) return photo.disagreement;
  const images = await Promise.all(
    Object.keys(photo.masks ?? {}).map(async (name) => {
      const image = new Image();
      image.src = maskOf(photo, name);
      await image.decode();
      return image;
    }),
  );
  if (!images.length) return null;
  const canvas = el("canvas", { width: images[0].width, height: images[0].height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pixels = images.map((image) => {
    context.drawImage(image, 0, 0);
    return new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  });
  const out = context.createImageData(canvas.width, canvas.height);
  const bytes = new Uint32Array(out.data.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = pixels.some((other) => other[i] !== pixels[0][i]) ? 0xff4d3bff : 0;
  context.putImageData(out, 0, 0);
  photo.disagreement = canvas.toDataURL();
  return photo.disagreement;
}

/** A photo with a mask over it. */
function layered(photo, name) {
  const frame = el("span", { class: "layers", style: `aspect-ratio:${photo.size[0]}/${photo.size[1]}` });
  if (!photo.picture) return el("span", { class: "layers empty", style: "aspect-ratio:4/3", text: "no picture kept" });
  frame.append(el("img", { src: source(photo), alt: "" }));
  const add = (mask) => mask && frame.append(el("img", { src: mask, alt: "", class: "mask" }));
  if (name === DISAGREEMENT) disagreement(photo).then(add);
  else if (name) add(maskOf(photo, name));
  return frame;
}

const loader = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      loader.unobserve(target);
      fill(target);
    }
  },
  { rootMargin: "600px" },
);

const fill = (card) => card.querySelector(".layers").replaceWith(layered(card.photo, view.mask));

function card(photo) {
  const worth = trust(photo);
  const words = report.calibrated ? `${percent(worth)} right` : `${percent(worth)} agree`;
  const made = el(
    "button",
    { type: "button", class: "card" },
    el("span", { class: "layers", style: `aspect-ratio:${photo.size[0]}/${photo.size[1]}` }),
    el("span", { class: "name", text: photo.name, title: photo.name }),
    el(
      "span",
      { class: "figures" },
      el("b", { text: models.length > 1 || report.calibrated ? words : "" }),
      scored ? el("span", { text: best(photo) }) : null,
    ),
    el("span", { class: "meter" }, el("i", { style: `width:${Math.max(0, 200 * worth - 100)}%` })),
  );
  made.style.setProperty("--aspect", Math.min(2.4, Math.max(0.75, photo.size[0] / photo.size[1])));
  made.photo = photo;
  made.addEventListener("click", () => showDetail(photo.name));
  return made;
}

function best(photo) {
  const found = Object.values(photo.models)
    .map((answer) => answer.miou)
    .filter((value) => value !== undefined && value !== null);
  return found.length ? `mIoU ${score(Math.max(...found))}` : "no truth";
}

const SORTS = {
  doubt: [report.calibrated ? "Least likely right first" : "Most disputed first", (a, b) => doubtOf(b) - doubtOf(a)],
  trust: [report.calibrated ? "Most likely right first" : "Least disputed first", (a, b) => doubtOf(a) - doubtOf(b)],
  name: ["By name", (a, b) => a.name.localeCompare(b.name, "en", { numeric: true })],
};
if (scored) {
  for (const model of models) {
    const value = (photo) => photo.models[model.name]?.miou ?? 2;
    SORTS[`miou-${model.name}`] = [`Lowest mIoU of ${model.title} first`, (a, b) => value(a) - value(b)];
  }
}

const confused = (photo) => photo.models[view.model]?.confusions?.find(([cell]) => cell === view.cell)?.[1] ?? 0;

function draw() {
  const label = view.label === "" ? null : Number(view.label);
  let chosen = report.shown.filter(
    (photo) =>
      trust(photo) <= view.below &&
      photo.name.toLowerCase().includes(view.text) &&
      (label === null || Object.values(photo.models).some((answer) => answer.shares[label] >= 0.005)) &&
      (view.cell === null || confused(photo) > 0),
  );
  chosen = chosen.toSorted(view.cell === null ? SORTS[view.sort][1] : (a, b) => confused(b) - confused(a));
  const cards = chosen.map((photo) => card(photo));
  cards.slice(MOST_PRINTED).forEach((made) => {
    made.classList.add("late");
  });
  sheet.grid.replaceChildren(...cards);
  for (const made of cards) loader.observe(made);
  sheet.count.textContent =
    chosen.length === report.shown.length
      ? plural(chosen.length, "photo")
      : `${plural(chosen.length, "photo")} of ${report.shown.length.toLocaleString("en")}`;
}

/** Show the photos in which a model took one class for another. */
function showConfusion(model, cell, words) {
  Object.assign(view, { model, cell, mask: model });
  /** @type {HTMLSelectElement} */ (document.getElementById("mask")).value = model;
  const clear = el("button", { type: "button", text: "Show all photos" });
  clear.addEventListener("click", () => {
    view.cell = null;
    sheet.chip.replaceChildren();
    draw();
  });
  sheet.chip.replaceChildren(el("b", { text: words }), clear);
  draw();
  document.getElementById("photos").scrollIntoView({ behavior: "smooth" });
}

function photos() {
  if (!report.shown.length) return;
  view.mask = models.length > 1 ? DISAGREEMENT : models[0].name;
  const masks = [
    ...(models.length > 1 ? [[DISAGREEMENT, "Disagreement"]] : []),
    ...models.map((model) => [model.name, model.title]),
    ["", "Photo alone"],
  ];
  const mask = choose("Show", masks, (name) => {
    view.mask = name;
    draw();
  });
  mask.querySelector("select").id = "mask";
  const sort = choose(
    "Order",
    Object.entries(SORTS).map(([key, [title]]) => [key, title]),
    (key) => {
      view.sort = key;
      draw();
    },
  );
  const label = choose(
    "With",
    [["", "any class"], ...report.classes.map((entry, i) => [String(i), entry.title])],
    (value) => {
      view.label = value;
      draw();
    },
  );
  const find = el("input", { type: "search", placeholder: "part of a name" });
  find.addEventListener("input", () => {
    view.text = find.value.toLowerCase();
    draw();
  });
  const lowest = Math.floor(100 * Math.min(...report.shown.map(trust)));
  const below = el("input", { type: "range", min: String(lowest), max: "100", value: "100" });
  const said = el("output", { text: "all" });
  below.addEventListener("input", () => {
    view.below = Number(below.value) / 100;
    said.textContent = below.value === "100" ? "all" : `${below.value} % or less`;
    draw();
  });
  const opacity = el("input", { type: "range", min: "0", max: "100", value: "60" });
  opacity.addEventListener("input", () =>
    document.body.style.setProperty("--mask", String(Number(opacity.value) / 100)),
  );
  const tools = el(
    "div",
    { class: "tools" },
    mask,
    sort,
    label,
    el("label", { class: "choice" }, el("span", { text: "Find" }), find),
    models.length > 1 || report.calibrated
      ? el(
          "label",
          { class: "choice" },
          el("span", { text: report.calibrated ? "Chance of being right" : "Agreement" }),
          below,
          said,
        )
      : null,
    el("label", { class: "choice" }, el("span", { text: "Mask" }), opacity),
  );
  const words = report.calibrated
    ? "Ordered by the chance of being right: which of these should you not trust? Choose one to see every model's answer."
    : "Ordered by disagreement, which is no percentage of being right for these models; `tripane calibrate --truth` makes it one.";
  section(
    "photos",
    "Photos",
    models.length > 1 || report.calibrated ? words : null,
    tools,
    sheet.chip,
    sheet.count,
    sheet.grid,
  );
  addEventListener("beforeprint", () => [...sheet.grid.children].slice(0, MOST_PRINTED).forEach(fill));
  draw();
}
