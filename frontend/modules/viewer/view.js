// The view that all panes share, as arithmetic: {x, y}, shares of the picture, is in the middle of each pane; scale 1
// shows the whole. Panes have the picture's proportions and are `wide` px wide; (u, v) is a place in one, shares of it.

const MOST_ZOOMED = 16; // px of the screen for one of the picture

/** The nearest that is allowed: nothing beside the picture is shown unless the whole of it is. */
export function clamped(view, wide, size) {
  const own = size.width / wide; // the scale of 100 %
  const scale = Math.min(Math.max(view.scale, Math.min(1, own)), Math.max(1, own * MOST_ZOOMED));
  const edge = 0.5 / scale;
  const inside = (at) => (edge >= 0.5 ? 0.5 : Math.min(1 - edge, Math.max(edge, at)));
  return { x: inside(view.x), y: inside(view.y), scale };
}

/** With (u, v) staying where it is. */
export function zoomed(view, factor, u, v, wide, size) {
  const { scale } = clamped({ ...view, scale: view.scale * factor }, wide, size);
  const shift = 1 / view.scale - 1 / scale;
  return clamped({ x: view.x + (u - 0.5) * shift, y: view.y + (v - 0.5) * shift, scale }, wide, size);
}

export function panned(view, du, dv, wide, size) {
  return clamped({ ...view, x: view.x - du / view.scale, y: view.y - dv / view.scale }, wide, size);
}

/** A box in px, with some room around it. */
export function viewOf({ x, y, width, height }, wide, size) {
  const scale = Math.max(1, 0.5 * Math.min(size.width / width, size.height / height));
  return clamped({ x: (x + width / 2) / size.width, y: (y + height / 2) / size.height, scale }, wide, size);
}

export const pointAt = (view, u, v) => ({ x: view.x + (u - 0.5) / view.scale, y: view.y + (v - 0.5) / view.scale });

export const placeIn = (view, { x, y }) => ({ u: (x - view.x) * view.scale + 0.5, v: (y - view.y) * view.scale + 0.5 });

/** Moved, if need be, so that a point can be seen. */
export function following(view, point, wide, size) {
  const { u, v } = placeIn(view, point);
  const out = (at) => (at < 0.05 ? at - 0.05 : at > 0.95 ? at - 0.95 : 0);
  return out(u) || out(v) ? panned(view, -out(u), -out(v), wide, size) : view;
}

/** On the way from one to another; zooming looks even when scales are mixed by their logarithms. */
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
