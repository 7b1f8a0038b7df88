// Where moving pictures come from: the camera, or a video file. Errors say what to do about them.

const WIDTH = 1280; // px that are asked of the camera
const MOMENT = 250; // ms
const FILE = "Or choose a video file.";

const REASONS = {
  NotAllowedError: `The camera was refused. Allow it for this site (the icon beside the address), then try again. ${FILE}`,
  NotFoundError: `There is no camera on this device. ${FILE}`,
  NotReadableError: `The camera is taken by another program. Close that, then try again. ${FILE}`,
  OverconstrainedError: `This camera gives no picture that can be used. ${FILE}`,
};

/** The camera's stream; `onEnd` hears when it is taken away, `onPause` whether it gives no pictures for a while. */
export async function camera(onEnd, onPause) {
  if (!navigator.mediaDevices) throw new Error(`This browser gives a camera to pages by HTTPS only. ${FILE}`);
  const wanted = { video: { facingMode: "environment", width: { ideal: WIDTH } }, audio: false };
  const stream = await navigator.mediaDevices.getUserMedia(wanted).catch((error) => {
    throw new Error(REASONS[error.name] ?? `The camera cannot be had: ${error.message} ${FILE}`);
  });
  for (const track of stream.getVideoTracks()) {
    track.onended = () => onEnd(`The camera has stopped: it was unplugged, or taken away. ${FILE}`);
    track.onmute = () => onPause(true);
    track.onunmute = () => onPause(false);
  }
  return stream;
}

export const stop = (source) => {
  if (source instanceof MediaStream) for (const track of source.getTracks()) track.stop();
};

/**
 * Have a video element show a camera's stream, or a file again and again, whose pictures have at most `most` pixels;
 * `onEnd` hears when a file breaks off.
 */
export async function play(video, source, most, onEnd) {
  const isFile = source instanceof File;
  const name = isFile ? source.name : "The camera";
  // What counts is the first picture; a device that saves power may refuse to play on.
  const isThere = new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () =>
      reject(new Error(`${name} cannot be played by this browser. Choose another video, best an MP4 or WebM.`));
  });
  if (isFile) Object.assign(video, { src: URL.createObjectURL(source), loop: true });
  else video.srcObject = source;
  video.play().catch(() => {}); // heard of above
  await isThere;
  if (isFile && !video.videoWidth) throw new Error(`${name} holds no pictures that this browser can show, only sound.`);
  if (video.videoWidth * video.videoHeight > most)
    throw new Error(
      `${name} has ${video.videoWidth} × ${video.videoHeight} px; at most ${most / 1_000_000} megapixels are accepted. Choose a smaller video.`,
    );
  video.onerror = () => onEnd(`${name} breaks off: the rest of it cannot be played. Choose another video.`);
}

export function close(video) {
  video.onerror = null;
  stop(video.srcObject);
  video.pause();
  video.srcObject = null;
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
}

/**
 * A function whose promise waits for a picture that the video has not shown before, but for a moment only: what is made
 * of the last one may have to be shown otherwise. A browser that cannot tell has every picture count as new.
 */
export function newPictures(video) {
  let isNew = true;
  let wake = /** @type {(value?: any) => void} */ (() => {});
  const hear = () => {
    isNew = true;
    wake();
    video.requestVideoFrameCallback(hear);
  };
  video.requestVideoFrameCallback?.(hear);
  return async () => {
    if (!video.requestVideoFrameCallback) await new Promise(requestAnimationFrame);
    else if (!isNew)
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, MOMENT);
      });
    isNew = false;
  };
}
