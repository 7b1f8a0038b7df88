"""What a camera makes of light: white balance, exposure, lens, sensor noise, tone curve, sharpening, JPEG.

Pure arithmetic on linear RGB light, H×W×3. Nothing here moves anything by as much as a pixel, so labels stay true.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Light = NDArray[np.float32]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
REFERENCE_WIDTH = 2048
"""Blurs and grain are given in pixels of a picture this wide."""
HIGHLIGHTS = 2.6
"""No more than a twelfth of a picture is brighter than this, so that skies keep some colour."""


@dataclass(frozen=True)
class Camera:
    """How a camera sees."""

    key: float
    """What the picture's typical luminance is brought to, before the tone curve."""
    balance: float
    """How far towards neutral the street is brought: 1 is gray, 0 as it is."""
    noise: float
    """Standard deviation of the noise at mid gray, in 1/255."""
    glare: float
    """The share of light that the lens scatters."""


CAMERAS = {
    "sunny": Camera(key=0.16, balance=0.45, noise=2.2, glare=0.03),
    "overcast": Camera(key=0.19, balance=0.5, noise=2.4, glare=0.02),
    "rain": Camera(key=0.150, balance=0.4, noise=2.8, glare=0.04),
    "dusk": Camera(key=0.075, balance=0.15, noise=4.0, glare=0.08),
}


def develop(light: Light, mood: str, seed: int, quality: int = 92) -> bytes:
    """The JPEG that the camera for a mood takes of some light."""
    camera = CAMERAS[mood]
    rng = np.random.default_rng([seed, 4])
    scale = light.shape[1] / REFERENCE_WIDTH
    light = exposed(balanced(light, camera.balance), camera.key)
    light = vignetted(with_glare(light, camera.glare, scale), float(rng.uniform(0.12, 0.25)))
    grain = camera.noise * min(1.0, 0.4 + 0.6 * scale)
    picture = _bytes(toned(with_noise(light, grain, rng)))
    image = _coloured_edges(Image.fromarray(picture), 0.0003 if scale >= 0.5 else 0.0)
    image = image.filter(ImageFilter.UnsharpMask(radius=max(0.6, 1.1 * scale), percent=55, threshold=1))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling="4:2:2", optimize=True)
    return out.getvalue()


def balanced(light: Light, towards_gray: float) -> Light:
    """Part of the way to a street (the lower half) that is gray on average, as automatic white balance goes."""
    street = np.maximum(light[light.shape[0] // 2 :].mean((0, 1)), 1e-4)
    return np.asarray(light * (street.mean() / street) ** towards_gray, np.float32)


def exposed(light: Light, key: float) -> Light:
    """Scaled so that the typical luminance, the street counting more than the sky, is `key`."""
    luminance = light @ LUMINANCE
    weights = np.broadcast_to(np.linspace(0.45, 1.0, len(light))[:, None], luminance.shape)
    typical = float(np.exp(np.average(np.log(np.maximum(luminance, 1e-4)), weights=weights)))
    brightest = float(np.percentile(luminance, 92))
    return np.asarray(light * min(key / typical, HIGHLIGHTS / max(brightest, 1e-4)), np.float32)


def with_glare(light: Light, share: float, scale: float) -> Light:
    """Bright places spread into their surroundings: closely, widely, and as a veil over all."""
    bright = np.minimum(light, 30.0)
    close, wide = blurred(bright, 5 * scale), blurred(bright, 60 * scale)
    veil = bright.mean((0, 1))
    return np.asarray(light * (1 - share) + share * (0.5 * close + 0.4 * wide + 0.1 * veil), np.float32)


def vignetted(light: Light, loss: float) -> Light:
    """Darker towards the corners, by `loss` half-way up the sides."""
    height, width = light.shape[:2]
    y, x = np.ogrid[-height : height : complex(height), -width : width : complex(width)]
    distance = (x**2 + y**2) / width**2
    return np.asarray(light * (1 - loss * distance)[..., None], np.float32)


def with_noise(light: Light, sigma: float, rng: np.random.Generator) -> Light:
    """Photon noise, growing with the square root of light, and a floor; coarser in colour than in luminance."""
    height, width = light.shape[:2]
    fine = rng.normal(0, 1, (height, width, 1)).astype(np.float32)
    coarse = rng.normal(0, 1, ((height + 1) // 2, (width + 1) // 2, 3)).astype(np.float32)
    colour = coarse.repeat(2, 0).repeat(2, 1)[:height, :width]
    # At mid gray (0.18) the tone curve turns a difference in light into about 0.9 times that difference in sRGB.
    amplitude = sigma / 255 / 0.9 * np.sqrt(np.maximum(light, 0) / 0.18 + 0.06) * 0.42
    return np.asarray(np.maximum(light + amplitude * (0.85 * fine + 0.5 * colour), 0), np.float32)


def toned(light: Light, contrast: float = 1.42) -> Light:
    """The tone curve, light to sRGB values 0 to 1: a sigmoid that keeps mid gray (Naka and Rushton 1966).

    Highlights lose colour on their way to white, as they do on a sensor.
    """
    middle = 0.18 * (0.82 / 0.18) ** (1 / contrast)
    gray = (light @ LUMINANCE)[..., None]
    light = light + (gray - light) * np.clip(gray / 12, 0.04, 0.7)
    powered = np.maximum(light, 0) ** contrast
    display = np.clip(1.05 * powered / (powered + middle**contrast), 0, 1)
    return np.asarray(np.where(display <= 0.0031308, 12.92 * display, 1.055 * display ** (1 / 2.4) - 0.055), np.float32)


def blurred(light: Light, sigma: float) -> Light:
    """A Gaussian blur, on a picture made smaller first where it is wide."""
    factor = max(1, int(sigma / 2))
    height, width = light.shape[:2]
    small = [_resized(light[..., i], (max(1, width // factor), max(1, height // factor))) for i in range(3)]
    return np.stack([_resized(_smooth(channel, sigma / factor), (width, height)) for channel in small], -1)


def _smooth(channel: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    radius = max(1, round(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / max(sigma, 1e-3)) ** 2)
    kernel /= kernel.sum()
    for _ in range(2):
        padded = np.pad(channel, ((radius, radius), (0, 0)), "edge")
        channel = sum(k * padded[i : i + len(channel)] for i, k in enumerate(kernel)).T
    return np.asarray(channel, np.float32)


def _resized(channel: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(channel).resize(size, Image.Resampling.BILINEAR), np.float32)


def _coloured_edges(image: Image.Image, share: float) -> Image.Image:
    """Red a little larger than green and blue a little smaller, as lenses do: under half a pixel."""
    if not share:
        return image
    width, height = image.size
    channels = []
    for channel, factor in zip(image.split(), (1 - share, 1.0, 1 + share), strict=True):
        matrix = (factor, 0, (1 - factor) * width / 2, 0, factor, (1 - factor) * height / 2)
        moved = channel.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
        channels.append(channel if factor == 1.0 else moved)
    return Image.merge("RGB", channels)


def _bytes(values: Light) -> NDArray[np.uint8]:
    return np.asarray(values * 255 + 0.5, np.float32).clip(0, 255).astype(np.uint8)
