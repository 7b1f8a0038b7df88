// The view that all panes share, as arithmetic: {x, y}, shares of the picture, is in the middle of each pane; scale 1
// shows the whole, or fills the pane. (u, v) is a place in a pane, shares of it. A frame says how a pane holds the
// picture at scale 1: `wide` and `high` times as large; `full` is the scale of one px of the picture for one of the
// screen, `least` the smallest allowed.

const MOST_ZOOMED = 16; // times `full`
const OVERHANG = 2; // how much wider than its area a name may be

export const within = (at, least, most) => Math.max(least, Math.min(most, at || 0)); // NaN would stay
export const isInside = (u, v) => u >= 0 && u <= 1 && v >= 0 && v <= 1;

export function frameOf(pane, size, covers = false) {
  const [across, down] = [pane.width / size.width, pane.height / size.height];
  const contained = Math.min(across, down);
  const fit = covers ? Math.max(across, down) : contained;
  return { wide: across / fit, high: down / fit, full: 1 / fit, least: Math.min(1, contained / fit, 1 / fit) };
}

/** The nearest that is allowed: nothing beside the picture is shown unless all of it that way is. */
export function clamped({ x, y, scale: wanted }, { wide, high, full, least }) {
  const scale = within(wanted, least, Math.max(1, full * MOST_ZOOMED));
  const inside = (at, reach) => {
    const edge = Math.min(0.5, (0.5 * reach) / scale);
    return within(at, edge, 1 - edge);
  };
  return { x: inside(x, wide), y: inside(y, high), scale };
}

/** The view zoomed, while (u, v) stays where it is. */
export function zoomed(view, factor, u, v, frame) {
  const { scale } = clamped({ ...view, scale: view.scale * factor }, frame);
  const shift = 1 / view.scale - 1 / scale;
  return { x: view.x + (u - 0.5) * frame.wide * shift, y: view.y + (v - 0.5) * frame.high * shift, scale };
}

export const panned = (view, du, dv, { wide, high }) => ({
  ...view,
  x: view.x - (du * wide) / view.scale,
  y: view.y - (dv * high) / view.scale,
});

/** A box in px with some room around it. */
export const viewOf = ({ x, y, width, height }, size, { wide, high }) => ({
  x: (x + width / 2) / size.width,
  y: (y + height / 2) / size.height,
  scale: Math.max(1, 0.5 * Math.min((size.width * wide) / width, (size.height * high) / height)),
});

export const pointAt = (view, u, v, { wide, high }) => ({
  x: view.x + ((u - 0.5) * wide) / view.scale,
  y: view.y + ((v - 0.5) * high) / view.scale,
});

export const placeIn = (view, { x, y }, { wide, high }) => ({
  u: ((x - view.x) * view.scale) / wide + 0.5,
  v: ((y - view.y) * view.scale) / high + 0.5,
});

/** Moved, if need be, so that a point can be seen. */
export function following(view, point, frame) {
  const { u, v } = placeIn(view, point, frame);
  const [du, dv] = [u, v].map((at) => within(at, 0.05, 0.95) - at);
  return du || dv ? panned(view, du, dv, frame) : view;
}

/** Zooming looks even when scales are mixed by their logarithms. */
export function between(from, to, share) {
  const eased = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
  const mix = (a, b) => a + (b - a) * eased;
  const scale = Math.exp(mix(Math.log(from.scale), Math.log(to.scale)));
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), scale };
}

/** How many columns of panes, which fill the area, show a picture largest; and how large they are. */
export function arranged(count, area, size, gap) {
  let best = { scale: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.floor((area.width - gap * (columns - 1)) / columns);
    const height = Math.floor((area.height - gap * (rows - 1)) / rows);
    const scale = Math.min(width / size.width, height / size.height);
    if (scale > best.scale) best = { columns, width, height, scale };
  }
  return best;
}

/**
 * The names that find room, with their middles, where a map lies at (left, top), `scale` times as large, and is seen
 * between `from` and `to`, below `above` and above `bottom`; `sizeOf` one that is not wanted is null.
 */
export function namesIn(places, { left, top, scale, from, to, above = 0, bottom }, sizeOf) {
  const names = [];
  for (const place of places) {
    const { width, height } = sizeOf(place.id) ?? {};
    if (!width || place.depth * scale * 2 < height || place.room * scale * OVERHANG < width) continue;
    const [x, y] = [left + place.x * scale, top + place.y * scale];
    if (x < from || x > to || y < above || y > bottom) continue;
    const inside = {
      x: within(x, from + width / 2, to - width / 2),
      y: within(y, above + height / 2, bottom - height / 2),
    };
    const name = { ...place, ...inside, width, height };
    if (!names.some((other) => other.area === name.area || overlap(name, other))) names.push(name);
  }
  return names;
}

export const overlap = (a, b) =>
  Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
