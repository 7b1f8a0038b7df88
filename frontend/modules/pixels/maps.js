// Maps, one byte a pixel in reading order: the shapes in them, and what several say together.

export const NOTHING = 255; // what ground truth leaves open
export const OPEN = 254; // where a consensus has none

/** The index of a pixel; x and y are shares of the whole. */
export function pixelAt(x, y, width, height) {
  const inside = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
  return inside(y, height) * width + inside(x, width);
}

/** A map scaled by the nearest pixels, so that ids never mix. */
export function fitted({ width, height, pixels }, wide, high) {
  if (width === wide && height === high) return pixels;
  const out = new Uint8Array(wide * high);
  for (let row = 0; row < high; row++) {
    const from = Math.floor(((row + 0.5) * height) / high) * width;
    for (let x = 0; x < wide; x++) out[row * wide + x] = pixels[from + Math.floor(((x + 0.5) * width) / wide)];
  }
  return out;
}

/** Enlarges bilinearly, pixel centres aligned: confidence is as fine as a network's answer, not as its map. */
export function smoothed({ width, height, pixels }, wide, high) {
  if (width === wide && height === high) return pixels;
  const out = new Uint8Array(wide * high);
  const [columns, rows] = [between(width, wide), between(height, high)];
  for (let row = 0, at = 0; row < high; row++) {
    const above = rows.first[row] * width;
    const below = rows.second[row] * width;
    for (let x = 0; x < wide; x++, at++) {
      const left = columns.first[x];
      const right = columns.second[x];
      const over = pixels[above + left] + (pixels[above + right] - pixels[above + left]) * columns.share[x];
      const under = pixels[below + left] + (pixels[below + right] - pixels[below + left]) * columns.share[x];
      out[at] = over + (under - over) * rows.share[row] + 0.5;
    }
  }
  return out;
}

/** The two neighbours of each pixel of an axis on a coarser one, and how far it is from the first to the second. */
function between(coarse, fine) {
  const places = Float64Array.from({ length: fine }, (_, at) =>
    Math.min(coarse - 1, Math.max(0, ((at + 0.5) * coarse) / fine - 0.5)),
  );
  const first = Uint32Array.from(places);
  return { first, second: first.map((at) => Math.min(at + 1, coarse - 1)), share: places.map((at) => at % 1) };
}

export function histogram(pixels) {
  const counts = new Uint32Array(256);
  for (let at = 0; at < pixels.length; at++) counts[pixels[at]]++;
  return counts;
}

/** Groups of equal pixels, but for 0, that touch by their sides: `labels` by pixel, from 1, and `areas` by label. */
export function componentsOf(map, width, height) {
  const labels = new Int32Array(map.length);
  const areas = [0];
  const waiting = new Int32Array(map.length);
  let top = 0;
  const visit = (at, id) => {
    if (map[at] !== id || labels[at]) return;
    labels[at] = areas.length;
    waiting[top++] = at;
  };
  for (let start = 0; start < map.length; start++) {
    const id = map[start];
    if (!id || labels[start]) continue;
    let area = 0;
    visit(start, id);
    while (top) {
      const at = waiting[--top];
      const x = at % width;
      area++;
      if (x > 0) visit(at - 1, id);
      if (x < width - 1) visit(at + 1, id);
      if (at >= width) visit(at - width, id);
      if (at < width * (height - 1)) visit(at + width, id);
    }
    areas.push(area);
  }
  return { labels, areas };
}

const GRID = 256; // long side of that on which areas are looked at
const MOST_PLACES = 12; // in an area: one is in view wherever one looks

/** Where an area can be named, the deepest first, in px: `depth` is how far its edge is, `room` how wide it is there. */
export function placesOf(ids, width, height) {
  const px = Math.max(1, Math.max(width, height) / GRID);
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
    if (others.length === MOST_PLACES || others.some((it) => Math.hypot(it.x - x, it.y - y) < it.depth + depth))
      continue;
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

/** Steps along rows and columns to another label, or the map's end. */
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

/** What of a mask is wide in both directions: where a square of (2 radius + 1) px within it lies. */
export function opened(mask, width, height, radius) {
  const side = 2 * radius + 1;
  const out = new Uint16Array(width * height); // the side of the largest square that ends here
  for (let at = 0; at < out.length; at++)
    if (mask[at])
      out[at] = 1 + (at % width && at >= width && Math.min(out[at - 1], out[at - width], out[at - width - 1]));
  for (let at = out.length - 1; at >= 0; at--) {
    const below = out[at + width] ?? 0;
    const next = (at + 1) % width ? Math.max(below, out[at + 1], out[at + width + 1] ?? 0) : below;
    out[at] = out[at] >= side ? side : Math.max(0, next - 1);
  }
  return out.map((length) => Number(length > 0));
}

/** Both sides of the edges between ids. */
export function outlineOf(ids, width, height, thickness) {
  const out = new Uint8Array(ids.length);
  const mark = (at, step, before, after) => {
    for (let i = -Math.min(thickness - 1, before); i <= Math.min(thickness, after); i++) out[at + i * step] = 1;
  };
  for (let row = 0; row < height; row++)
    for (let x = 0; x < width; x++) {
      const at = row * width + x;
      if (x + 1 < width && ids[at] !== ids[at + 1]) mark(at, 1, x, width - 1 - x);
      if (row + 1 < height && ids[at] !== ids[at + width]) mark(at, width, row, height - 1 - row);
    }
  return out;
}

/** OPEN where no two agree, or two answers have as many votes. */
export function consensusOf(maps) {
  const out = new Uint8Array(maps[0].length);
  for (let at = 0; at < out.length; at++) out[at] = same(maps, at) ? maps[0][at] : answerOfMost(maps, at);
  return out;
}

/** Whether all give a pixel one id. */
export function same(maps, at) {
  for (let i = 1; i < maps.length; i++) if (maps[i][at] !== maps[0][at]) return false;
  return true;
}

function answerOfMost(maps, at) {
  let best = OPEN;
  let most = 1;
  for (const own of maps) {
    const id = own[at];
    let votes = 0;
    for (const map of maps) if (map[at] === id) votes++;
    if (votes > most) [most, best] = [votes, id];
    else if (votes === most && id !== best) best = OPEN;
  }
  return best;
}

export const BOUNDARY = 1;
export const REGION = 2;
export const ALL_DIFFERENT = 3;

/** Numbered, the largest first: the twin of functions/orchestrator/regions.py. */
export function regionsOf(maps, width, height) {
  const disputed = maps[0].map((_, at) => !same(maps, at));
  const radius = Math.max(1, Math.floor((Math.max(width, height) + 128) / 256));
  const { labels, areas } = componentsOf(opened(disputed, width, height, radius), width, height);
  const largest = [...areas.keys()]
    .filter((piece) => piece && areas[piece] * 10_000 >= width * height)
    .sort((a, b) => areas[b] - areas[a])
    .slice(0, 8);
  return disputed.map((_, at) => largest.indexOf(labels[at]) + 1);
}

/** Where maps differ: regions, apart from bands along outlines that they draw differently and smaller patches. */
export function disputeOf(maps, width, height) {
  return regionsOf(maps, width, height).map((region, at) => {
    if (!region) return same(maps, at) ? 0 : BOUNDARY;
    return maps.length > 2 && answerOfMost(maps, at) === OPEN ? ALL_DIFFERENT : REGION;
  });
}

export const WRONG = 1;
export const UNKNOWN = 2;

export function errorsOf(ids, truth) {
  const out = new Uint8Array(ids.length);
  for (let at = 0; at < out.length; at++)
    if (truth[at] === NOTHING) out[at] = UNKNOWN;
    else if (truth[at] !== ids[at]) out[at] = WRONG;
  return out;
}
