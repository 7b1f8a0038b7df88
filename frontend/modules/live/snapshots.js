// Pictures of a video as it plays, in canvases that are used again: new ones take longer, and memory.

export class Snapshots {
  #ring = Array.from({ length: 3 }, () => new OffscreenCanvas(1, 1)); // on show, on its way to be, and being taken
  #small = new OffscreenCanvas(1, 1);

  /** What a video shows just now, if anything; it is kept until the next but two is taken. */
  async take(video, size) {
    // While a file begins again it is not ready to be drawn, though the picture may be there.
    const isReady = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    const picture = isReady ? video : await createImageBitmap(video).catch(() => null);
    if (!picture) return null;
    const canvas = this.#ring.shift();
    this.#ring.push(canvas);
    draw(canvas, picture, size);
    if (!isReady) picture.close();
    return canvas;
  }

  /** A copy of a picture at another size. */
  scaled(picture, size) {
    draw(this.#small, picture, size);
    return this.#small.transferToImageBitmap();
  }
}

/** Draw a picture as large as is wanted, whatever was there before; answers with the context. */
export function draw(canvas, picture, { width, height }, options = undefined) {
  resize(canvas, { width, height });
  const context = canvas.getContext("2d", options);
  context.globalCompositeOperation = "copy";
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return context;
}

/** Only where need be: even its own size makes a canvas begin anew. */
export function resize(canvas, { width, height }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
