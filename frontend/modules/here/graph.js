// Adapts a user's own network: the twin of shared/inference/graph.py. `graph` is its card's.

const ARRAYS = { float32: Float32Array, float16: globalThis.Float16Array, uint8: Uint8Array };
const LEAST = 2 ** -126; // a probability of nothing has no logarithm
const MOST_ID = 254;

/** Normalised pixels, 3 x height x width and red first, as the graph takes them: numbers and their dimensions. */
export function fed(pixels, { width, height }, { layout, type, channels }) {
  const count = width * height;
  const [Kind, isFlat] = [numbersOf(type), layout === "NHWC"];
  const data = new (type === "uint8" ? Uint8ClampedArray : Kind)(3 * count); // halves to even, as numpy's rint
  for (let channel = 0; channel < 3; channel++) {
    const from = (channels === "BGR" ? 2 - channel : channel) * count;
    for (let at = 0; at < count; at++) data[isFlat ? 3 * at + channel : channel * count + at] = pixels[from + at];
  }
  const dims = isFlat ? [1, height, width, 3] : [1, 3, height, width];
  return { data: type === "uint8" ? new Uint8Array(data.buffer) : data, dims };
}

function numbersOf(type) {
  const found = ARRAYS[type];
  if (!found) throw new Error(`This network computes in ${type}, for which this browser has no numbers.`);
  return found;
}

/** What the graph gives as logits, or, of one that answers with classes, as their `ids`; with its size. */
export function answered({ data, dims, type }, { output_layout: layout, answers }) {
  if (dims.length !== layout.length)
    throw new Error(`The network gave ${dims.length} axes where its card says ${layout}.`);
  if (type === "float16") numbersOf(type);
  const isFlat = layout === "NHWC";
  const [height, width] = isFlat ? dims.slice(1, 3) : dims.slice(-2);
  const count = width * height;
  if (answers === "classes") return { ids: idsOf(data, isFlat ? dims[3] : 1, count), width, height };
  const classes = isFlat ? dims[3] : dims[1];
  const logits = new Float32Array(classes * count);
  for (let label = 0; label < classes; label++)
    for (let at = 0; at < count; at++) {
      const value = data[isFlat ? at * classes + label : label * count + at];
      const logit = answers === "probabilities" ? Math.log(Math.max(value, LEAST)) : value;
      if (!Number.isFinite(logit)) throw new Error("The network gave numbers that are not finite.");
      logits[label * count + at] = logit;
    }
  return { logits, classes, width, height };
}

/** The first of `step` channels; whole numbers may come as any kind of them. */
function idsOf(data, step, count) {
  return Uint8Array.from({ length: count }, (_, at) => {
    const id = Number(data[at * step]);
    if (!(id >= 0 && id <= MOST_ID)) throw new Error("The network gave classes that its card does not have.");
    return id;
  });
}
