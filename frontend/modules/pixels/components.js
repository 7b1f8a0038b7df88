// Connected groups of a mask's pixels.

/**
 * Number the groups of pixels that touch by their four sides.
 * @param {Uint8Array} mask any byte but 0 is inside
 * @returns {{labels: Int32Array, areas: number[]}} a number from 1 for each pixel inside, 0 outside; `areas[number]`
 *   in px
 */
export function componentsOf(mask, width, height) {
  const labels = new Int32Array(mask.length);
  const areas = [0];
  const waiting = new Int32Array(mask.length);
  let top = 0;
  const visit = (at, number) => {
    if (!mask[at] || labels[at]) return;
    labels[at] = number;
    waiting[top++] = at;
  };
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    const number = areas.length;
    let area = 0;
    visit(start, number);
    while (top) {
      const at = waiting[--top];
      const x = at % width;
      area++;
      if (x > 0) visit(at - 1, number);
      if (x < width - 1) visit(at + 1, number);
      if (at >= width) visit(at - width, number);
      if (at < width * (height - 1)) visit(at + width, number);
    }
    areas.push(area);
  }
  return { labels, areas };
}
