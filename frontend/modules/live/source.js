// Where moving pictures come from: the camera, or a video file. What can go wrong is said with what to do about it.

const WIDTH = 1280; // px that are asked of the camera
const FILE = "Or choose a video file.";

const REASONS = {
  NotAllowedError: `The camera was refused. Allow it for this site (the icon beside the address), then try again. ${FILE}`,
  NotFoundError: `There is no camera on this device. ${FILE}`,
  NotReadableError: `The camera is taken by another program. Close that, then try again. ${FILE}`,
  OverconstrainedError: `This camera gives no picture that can be used. ${FILE}`,
};

/** Have the camera's pictures in a video element; `onEnd` hears when they end. */
export async function openCamera(video, onEnd) {
  if (!navigator.mediaDevices) throw new Error(`This browser gives a camera to pages by HTTPS only. ${FILE}`);
  const wanted = { video: { facingMode: "environment", width: { ideal: WIDTH } }, audio: false };
  const stream = await navigator.mediaDevices.getUserMedia(wanted).catch((error) => {
    throw new Error(REASONS[error.name] ?? `The camera cannot be had: ${error.message} ${FILE}`);
  });
  for (const track of stream.getVideoTracks())
    track.onended = () => onEnd(`The camera has stopped: it was unplugged, or taken away. ${FILE}`);
  video.srcObject = stream;
  await video.play();
}

/** The same of a file, again and again. */
export async function openFile(video, file) {
  video.src = URL.createObjectURL(file);
  video.loop = true;
  await video.play().catch(() => {
    throw new Error(`${file.name} cannot be played by this browser. Choose another video, best an MP4 or WebM.`);
  });
}

export function close(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.pause();
  video.srcObject = null;
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
}
