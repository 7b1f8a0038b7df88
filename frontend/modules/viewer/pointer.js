// Pointer and wheel on the panes.

const CLICK_PX = 5;
const HANDLE_PX = 22;
const SWIPE_PX = 60;
const HOLD_MS = 350;

/**
 * Drag, pinch, wheel and double click move the view; pointing and clicking read it; a finger that stays where it is shows
 * the photo alone. All in shares of the pane.
 */
export function onPointer(root, on) {
  const held = new Map(); // pointers that are down, by id
  let moved = 0;
  let dividing = false;
  let holding = null; // a timer, and then true
  let began = null; // where the first finger came down, and which way the picture went on

  const placeOf = ({ clientX, clientY }, stage) => {
    // Blink replaces it.
    const box = (stage.isConnected ? stage : root.querySelector(".stage")).getBoundingClientRect();
    return { u: (clientX - box.left) / box.width, v: (clientY - box.top) / box.height, box };
  };
  const stageOf = ({ target }) => (target.closest("button, a, input, .card") ? null : target.closest(".stage"));

  const letGo = () => {
    clearTimeout(holding);
    const was = holding === true;
    holding = null;
    if (was) on.peek(false);
    return was;
  };

  root.onpointerdown = (event) => {
    const stage = stageOf(event);
    if (!stage || event.button > 0) return;
    letGo();
    if (event.pointerType === "touch" && held.size === 0)
      holding = setTimeout(() => {
        holding = true;
        on.peek(true);
      }, HOLD_MS);
    root.setPointerCapture(event.pointerId);
    if (held.size === 0) {
      moved = 0;
      began = { x: event.clientX, y: event.clientY, more: on.more() };
    } else began = null;
    held.set(event.pointerId, { stage, x: event.clientX, y: event.clientY });
    const { u, box } = placeOf(event, stage);
    const divider = on.dividerAt();
    dividing = divider !== null && Math.abs(u - divider) * box.width < HANDLE_PX;
  };

  root.onpointermove = (event) => {
    const pointer = held.get(event.pointerId);
    const stage = pointer?.stage ?? stageOf(event);
    if (!stage) return;
    const { u, v, box } = placeOf(event, stage);
    if (!box.width) return;
    if (!pointer) {
      if (event.pointerType !== "touch") on.point(u, v);
      return;
    }
    const before = held.size === 2 && spread(held);
    const [dx, dy] = [event.clientX - pointer.x, event.clientY - pointer.y];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > CLICK_PX && holding !== true) letGo();
    Object.assign(pointer, { x: event.clientX, y: event.clientY });
    if (before) {
      const after = spread(held);
      const middle = placeOf({ clientX: after.x, clientY: after.y }, stage);
      on.pan((after.x - before.x) / box.width, (after.y - before.y) / box.height);
      on.zoom(after.length / before.length, middle.u, middle.v);
    } else if (dividing) on.divide(Math.min(1, Math.max(0, u)));
    else if (moved > CLICK_PX) on.pan(dx / box.width, dy / box.height);
  };

  const release = (event) => {
    const pointer = held.get(event.pointerId);
    held.delete(event.pointerId);
    if (letGo()) return;
    if (pointer && began && event.pointerType === "touch" && !dividing) swiped(event);
    if (!pointer || event.type === "pointercancel" || moved > CLICK_PX || held.size > 0 || dividing) return;
    const { u, v } = placeOf(event, pointer.stage);
    on.click(u, v);
  };
  /** Past the picture's end leads to the next. */
  const swiped = ({ clientX, clientY }) => {
    const [dx, dy] = [clientX - began.x, clientY - began.y];
    const isOn = dx < 0 ? began.more.right : began.more.left;
    if (!isOn && Math.abs(dx) > Math.max(SWIPE_PX, 1.5 * Math.abs(dy))) on.swipe(dx < 0 ? 1 : -1);
  };
  root.onpointerup = release;
  root.onpointercancel = release;
  root.onpointerleave = () => {
    if (held.size === 0) on.leave();
  };

  root.oncontextmenu = (event) => holding && event.preventDefault();

  root.ondblclick = (event) => {
    const stage = stageOf({ target: document.elementFromPoint(event.clientX, event.clientY) });
    if (!stage) return;
    const { u, v } = placeOf(event, stage);
    on.zoom(event.shiftKey ? 0.5 : 2, u, v);
  };

  root.onwheel = (event) => {
    const stage = stageOf(event);
    // Where the page does not scroll, the wheel has no other use.
    const still = document.documentElement.scrollHeight <= innerHeight + 1;
    if (!stage || !(event.ctrlKey || still || root.contains(document.activeElement))) return;
    event.preventDefault();
    const { u, v } = placeOf(event, stage);
    on.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), u, v);
  };
}

function spread(held) {
  const [a, b] = held.values();
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, length: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
}
