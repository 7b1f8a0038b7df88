// The colours of classes: the field's, and a set that people with any colour vision can tell apart.

/**
 * Chosen by a search for the largest least distance (in OKLab, 0.116; the Cityscapes colours have 0.017) between any
 * two of the eleven, as seen with normal vision and as simulated for protanopia, deuteranopia and tritanopia (Machado,
 * Oliveira, Fernandes 2009), near what each class looks like. By class name; a class it lacks keeps its own colour.
 */
export const DISTINCT = {
  sky: "#7bbdff",
  building: "#513c3d",
  pole: "#fffff5",
  road: "#667bc2",
  pavement: "#b394a0",
  tree: "#3d6a00",
  sign_symbol: "#ffde2f",
  fence: "#efa65d",
  car: "#26087d",
  pedestrian: "#ce2f72",
  bicyclist: "#d17a35",
};

/**
 * @param {{name: string, colour: string}[]} classes by id
 * @param {"cityscapes"|"distinct"} palette
 * @returns {string[]} "#rrggbb" by id
 */
export function coloursOf(classes, palette) {
  return classes.map(({ name, colour }) => (palette === "distinct" ? (DISTINCT[name] ?? colour) : colour));
}

/** Red, green and blue of "#rrggbb". */
export function rgbOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
