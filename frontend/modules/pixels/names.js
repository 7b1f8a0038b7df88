// Where names of classes stand on a label map: well inside its areas, one to each, none on another.

import { componentsOf, fitted } from "./maps.js";

const LONG_SIDE = 256; // of the grid on which areas are looked at
const MOST = 12; // places in an area: one is in view wherever one looks
const OVERHANG = 2; // how much wider than its area a name may be

/** The deepest first, in px: `depth` is how far the edge is, `room` how wide the area is there. */
export function placesOf(ids, width, height) {
  const px = Math.max(1, Math.max(width, height) / LONG_SIDE);
  const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side / px)));
  const grid = fitted({ width, height, pixels: ids }, wide, high);
  const classes = grid.map((id) => id + 1); // 0 is no area
  const { labels } = componentsOf(classes, wide, high);
  const depths = depthsOf(labels, wide, high);
  const found = new Map();
  const deep = [...depths.keys()].filter((at) => labels[at] && depths[at] > 1);
  for (const at of deep.sort((a, b) => depths[b] - depths[a])) {
    const [x, y, area, depth] = [at % wide, Math.floor(at / wide), labels[at], depths[at]];
    const others = found.get(area) ?? [];
    if (others.length === MOST || others.some((it) => Math.hypot(it.x - x, it.y - y) < it.depth + depth)) continue;
    let [from, to] = [at, at];
    while (labels[from - 1] === area && from % wide) from--;
    while (labels[to + 1] === area && (to + 1) % wide) to++;
    found.set(area, [...others, { id: grid[at], area, x, y, depth, room: to - from + 1 }]);
  }
  return [...found.values()]
    .flat()
    .sort((a, b) => b.depth - a.depth)
    .map((place) => ({
      ...place,
      x: (place.x + 0.5) * px,
      y: (place.y + 0.5) * px,
      depth: place.depth * px,
      room: place.room * px,
    }));
}

/** In how many steps along rows and columns another label, or the map's end, is reached. */
function depthsOf(labels, width, height) {
  const depths = new Uint16Array(width * height);
  const next = (at, step, isEnd) => 1 + (isEnd || labels[at + step] !== labels[at] ? 0 : depths[at + step]);
  for (let at = 0; at < depths.length; at++)
    depths[at] = Math.min(next(at, -1, at % width === 0), next(at, -width, at < width));
  for (let at = depths.length - 1; at >= 0; at--) {
    const right = next(at, 1, at % width === width - 1);
    depths[at] = Math.min(depths[at], right, next(at, width, at >= width * (height - 1)));
  }
  return depths;
}

/**
 * The names that find room, with their middles, where a map lies at (left, top), `scale` times as large, and is seen
 * between `from` and `to` and above `bottom`; `sizeOf` one that is not wanted is null.
 */
export function namesIn(places, { left, top, scale, from, to, bottom }, sizeOf) {
  const names = [];
  for (const place of places) {
    const { width, height } = sizeOf(place.id) ?? {};
    if (!width || place.depth * scale * 2 < height || place.room * scale * OVERHANG < width) continue;
    const [x, y] = [left + place.x * scale, top + place.y * scale];
    if (x < from || x > to || y < 0 || y > bottom) continue;
    const within = (at, length, least, most) => Math.max(least + length / 2, Math.min(most - length / 2, at));
    const name = { ...place, x: within(x, width, from, to), y: within(y, height, 0, bottom), width, height };
    if (!names.some((other) => other.area === name.area || overlap(name, other))) names.push(name);
  }
  return names;
}

export const overlap = (a, b) =>
  Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
