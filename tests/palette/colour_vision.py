"""How different two colours look, to normal and to colour-deficient vision. Arrays are ...×3, colours sRGB bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Machado, Oliveira, Fernandes 2009, severity 1, on linear light.
SIGHTS: dict[str, Array] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
# Ottosson 2020: A perceptual color space for image processing.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = TO_XYZ.sum(1)


def linear_light(colours: ArrayLike, sight: Array) -> Array:
    """The linear light of sRGB bytes, as somebody with that vision sees it."""
    value = np.asarray(colours, float) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.clip(linear @ sight.T, 0, 1)


def oklab(colours: ArrayLike, sight: Array) -> Array:
    """OKLab coordinates."""
    return np.cbrt(linear_light(colours, sight) @ TO_CONES.T) @ TO_OKLAB.T


def cielab(colours: ArrayLike, sight: Array) -> Array:
    """CIELAB coordinates, under D65."""
    t = linear_light(colours, sight) @ TO_XYZ.T / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def ciede2000(one: ArrayLike, other: ArrayLike) -> Array:
    """Sharma, Wu, Dalal 2005: The CIEDE2000 Color-Difference Formula. Of CIELAB coordinates, which are broadcast."""
    (l1, a1, b1), (l2, a2, b2) = (
        np.moveaxis(np.asarray(one, float), -1, 0),
        np.moveaxis(np.asarray(other, float), -1, 0),
    )
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1 + 0.5 * (1 - np.sqrt(c7 / (c7 + 25**7)))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, g * a1)) % 360, np.degrees(np.arctan2(b2, g * a2)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    lightness, chroma, hue = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    middle, mean, at = (l1 + l2) / 2, (c1 + c2) / 2, np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    t = 1 - 0.17 * cosine(at - 30) + 0.24 * cosine(2 * at) + 0.32 * cosine(3 * at + 6) - 0.2 * cosine(4 * at - 63)
    sl = 1 + 0.015 * (middle - 50) ** 2 / np.sqrt(20 + (middle - 50) ** 2)
    sc, sh = 1 + 0.045 * mean, 1 + 0.015 * mean * t
    rotation = -2 * np.sqrt(mean**7 / (mean**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((at - 275) / 25) ** 2))))
    parts = lightness / sl, chroma / sc, hue / sh
    return np.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


def cosine(angle: Array) -> Array:
    """The cosine of an angle in degrees."""
    return np.cos(np.radians(angle))
