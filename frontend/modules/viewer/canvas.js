// Draws one pane: the photo, and pictures over it, as the shared view shows them.

/** Above this many screen px for a px of the picture, single px are shown as squares. */
const SQUARES_FROM = 2;

/**
 * @param {HTMLCanvasElement} canvas whose width and height are device px
 * @param {{x: number, y: number, scale: number}} view
 * @param {{width: number, height: number}} size of the picture
 * @param {{levels: ImageBitmap[], opacity: number, from: number, to: number}[]} layers from the lowest up
 */
export function draw(canvas, view, size, layers) {
  const context = canvas.getContext("2d");
  const scale = (canvas.width * view.scale) / size.width;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = scale < SQUARES_FROM;
  // On whole device px, so that at 100 % each px of the picture is one of the screen, exactly.
  const left = Math.round(canvas.width / 2 - view.x * size.width * scale);
  const top = Math.round(canvas.height / 2 - view.y * size.height * scale);
  for (const { levels, opacity, from, to } of layers) {
    context.save();
    if (from > 0 || to < 1) {
      context.beginPath();
      context.rect(Math.round(from * canvas.width), 0, Math.round((to - from) * canvas.width), canvas.height);
      context.clip();
    }
    context.globalAlpha = opacity;
    context.setTransform(scale, 0, 0, scale, left, top);
    context.drawImage(levelFor(levels, scale), 0, 0, size.width, size.height);
    context.restore();
  }
}

/** The smallest level that need not be enlarged. */
function levelFor(levels, scale) {
  const halvings = Math.floor(Math.log2(1 / scale) + 1e-6);
  return levels[Math.min(levels.length - 1, Math.max(0, halvings))];
}
