// The view that all panes share, as arithmetic: {x, y}, shares of the picture, is in the middle of each pane; scale 1
// shows the whole, `full` one px of the picture for one of the screen. (u, v) is a place in a pane, shares of it.

const MOST_ZOOMED = 16; // times `full`
const OVERHANG = 2; // how much wider than its area a name may be

export const within = (at, least, most) => Math.max(least, Math.min(most, at));
export const isInside = (u, v) => u >= 0 && u <= 1 && v >= 0 && v <= 1;

/** The nearest that is allowed: nothing beside the picture is shown unless the whole of it is. */
export function clamped({ x, y, scale: wanted }, full) {
  const scale = within(wanted, Math.min(1, full), Math.max(1, full * MOST_ZOOMED));
  const edge = Math.min(0.5, 0.5 / scale);
  return { x: within(x, edge, 1 - edge), y: within(y, edge, 1 - edge), scale };
}

/** With (u, v) staying where it is. */
export function zoomed(view, factor, u, v, full) {
  const { scale } = clamped({ ...view, scale: view.scale * factor }, full);
  const shift = 1 / view.scale - 1 / scale;
  return { x: view.x + (u - 0.5) * shift, y: view.y + (v - 0.5) * shift, scale };
}

export const panned = (view, du, dv) => ({ ...view, x: view.x - du / view.scale, y: view.y - dv / view.scale });

/** Of a box in px, with some room around it. */
export const viewOf = ({ x, y, width, height }, size) => ({
  x: (x + width / 2) / size.width,
  y: (y + height / 2) / size.height,
  scale: Math.max(1, 0.5 * Math.min(size.width / width, size.height / height)),
});

export const pointAt = (view, u, v) => ({ x: view.x + (u - 0.5) / view.scale, y: view.y + (v - 0.5) / view.scale });

export const placeIn = (view, { x, y }) => ({ u: (x - view.x) * view.scale + 0.5, v: (y - view.y) * view.scale + 0.5 });

/** Moved, if need be, so that a point can be seen. */
export function following(view, point) {
  const { u, v } = placeIn(view, point);
  const [du, dv] = [u, v].map((at) => within(at, 0.05, 0.95) - at);
  return du || dv ? panned(view, du, dv) : view;
}

/** Zooming looks even when scales are mixed by their logarithms. */
export function between(from, to, share) {
  const eased = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
  const mix = (a, b) => a + (b - a) * eased;
  const scale = Math.exp(mix(Math.log(from.scale), Math.log(to.scale)));
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), scale };
}

/** In how many columns panes show a picture largest. */
export function arranged(count, area, size, gap, caption) {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const roomWide = (area.width - gap * (columns - 1)) / columns;
    const roomHigh = (area.height - gap * (rows - 1)) / rows - caption;
    const scale = Math.min(roomWide / size.width, roomHigh / size.height);
    const [width, height] = [Math.floor(size.width * scale), Math.floor(size.height * scale)];
    if (width > best.width) best = { columns, width, height };
  }
  return best;
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
    const inside = { x: within(x, from + width / 2, to - width / 2), y: within(y, height / 2, bottom - height / 2) };
    const name = { ...place, ...inside, width, height };
    if (!names.some((other) => other.area === name.area || overlap(name, other))) names.push(name);
  }
  return names;
}

export const overlap = (a, b) =>
  Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
