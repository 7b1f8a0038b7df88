// Whether this browser lets a page read what it drew: protection from fingerprinting may falsify it.

const SIDE = 16;
const MOST_OFF = 8; // of 255, on average: less is noise that neither networks nor people notice

/** Draws a known pattern and reads it back, as bytes and through an encoded picture. */
export async function isTrue() {
  const drawn = patterned();
  const encoded = await createImageBitmap(await drawn.canvas.convertToBlob({ type: "image/png" }));
  const again = new OffscreenCanvas(SIDE, SIDE).getContext("2d");
  again.drawImage(encoded, 0, 0);
  return isPattern(drawn) && isPattern(again);
}

let wasTrue = false;

/** Throws the message to show, for code that reads pixels repeatedly. */
export async function mustBeTrue() {
  wasTrue ||= await isTrue();
  if (!wasTrue) throw new Error(FALSIFIED);
}

const shade = (at) => (at * 37) % 200;

function patterned() {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d");
  for (let at = 0; at < SIDE * SIDE; at++) {
    context.fillStyle = `rgb(${shade(at)} ${shade(at + 1)} ${shade(at + 2)})`;
    context.fillRect(at % SIDE, Math.floor(at / SIDE), 1, 1);
  }
  return context;
}

function isPattern(context) {
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const off = data.reduce((sum, value, i) => sum + (i % 4 < 3 ? Math.abs(value - shade((i >> 2) + (i % 4))) : 0), 0);
  return off / (SIDE * SIDE * 3) < MOST_OFF;
}

export const FALSIFIED =
  "This browser falsifies what a page draws, to protect you from being recognised, so stripes would be made instead of your picture. Allow this site to read canvases (the picture icon beside the address), or use another browser. The samples can be looked at as they are.";
