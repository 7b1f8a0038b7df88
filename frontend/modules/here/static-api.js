// Replaces api.js in a demo without an API (`make site`): the API's answers for the samples, from files. The visitor's
// own photos run on the device.

export const TAKES_PHOTOS = false;

export const models = () => read("data/models.json");
export const samples = () => read("data/samples.json");

/** The comparison of a sample; null for anything else. */
export async function comparison(id, models = []) {
  const { samples: all } = await samples();
  if (!all.some(({ sha256 }) => sha256 === id)) return null;
  const document = await read(`data/comparisons/${id}.json`);
  return models.length > 0 ? only(document, models) : document;
}

/** The comparison with some models alone, without their agreement, which was not computed. */
function only(document, models) {
  const answers = Object.entries(document.models).filter(([name]) => models.includes(name));
  return { ...document, models: Object.fromEntries(answers), agreement: null, chance_right: null };
}

/** Nothing was sent that could be taken back. */
export const withdraw = async () => null;

export async function follow(id, { all }, { onUpdate }) {
  onUpdate(await comparison(id, all), true);
}

/** A document; addresses in it, which are beside the page, are made whole, since workers are elsewhere. */
async function read(path) {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => null);
  if (!response?.ok) throw new Error(`${path} is not there (${response?.status ?? "no connection"}).`);
  return JSON.parse(await response.text(), (_, value) =>
    typeof value === "string" && value.startsWith("data/") ? new URL(value, document.baseURI).href : value,
  );
}
