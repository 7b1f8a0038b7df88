// Photos made worse in eight ways: the twin of shared/stress. Photos are RGBA, as a canvas gives them.

import { defocus, lowResolution, motionBlur } from "./blur.js";
import { jpeg } from "./jpeg.js";
import { fog, night, noise, rain } from "./weather.js";

/** Every kind, with its title. */
export const KINDS = {
  night: "Night",
  fog: "Fog",
  rain: "Rain",
  motion_blur: "Motion blur",
  defocus: "Defocus",
  noise: "Noise",
  jpeg: "JPEG",
  low_resolution: "Low resolution",
};
export const SEVERITIES = [1, 2, 3, 4, 5];

const SHORT_SIDE = 512;
const CORRUPTIONS = {
  night,
  fog,
  rain,
  motion_blur: motionBlur,
  defocus,
  noise,
  jpeg,
  low_resolution: lowResolution,
};

/** The photo made worse; at severity 0 as it is, and always the same for the same arguments. */
export function stress(photo, kind, severity, seed = 0, shortSide = Math.min(photo.width, photo.height)) {
  return severity ? CORRUPTIONS[kind](photo, severity, seed, shortSide / SHORT_SIDE) : photo;
}
