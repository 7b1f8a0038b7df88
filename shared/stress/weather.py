"""What weather and the hour do to a photo, without knowing how far away anything is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared.stress.blur import enlarging, resampled
from shared.stress.random import hashed, normal_bytes, uniform

_FOG = ((1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4))
"""How thick, and by how much each octave is weaker than the last, by severity: ImageNet-C's fog."""
_OCTAVES = 7

_AMBIENT = (0.32, 0.22, 0.14, 0.085, 0.05)
"""What is left of the light at night, of 1, by severity."""
_NIGHT_NOISE = (3.0, 5.0, 8.0, 11.0, 15.0)
"""Its standard deviation, of 255."""
_MOON, _LAMP = (0.8, 0.95, 1.3), (1.5, 0.95, 0.45)
"""Red, green and blue of the night's own light, and of sodium lamps."""
_LAMPS = 5
_GAMMA = 2.2

_RAIN = ((0.10, 0.92, 0.4), (0.16, 0.86, 0.7), (0.22, 0.80, 1.1), (0.30, 0.72, 1.6), (0.38, 0.64, 2.4))
"""Share of haze, of light that is left, and thousandths of the pixels where a streak begins, by severity."""
_STREAKS = ((24, 1, 0.35), (60, 3, 0.5))
"""Px of length and width, and how opaque: far drops, and near ones, of which a fifth as many begin."""
_HAZE = 190.0
_DROP = 225.0


def fog(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Brightness of a cloud added, and all of it brought down until nothing is too bright.

    ImageNet-C's formula. The cloud, as wide and high as the photo is long, is smooth between its points, so that no
    `scale` is needed.
    """
    thick, decay = _FOG[severity - 1]
    height, width, _ = photo.shape
    # Pixel i of the long side lies at i / side of the cloud.
    side, points = max(height, width), 2**_OCTAVES
    rows, columns = (_between(np.arange(n) * (points / side), points + 1) for n in (height, width))
    brightest = float(photo.max()) / 255
    share = brightest / (brightest + thick) if brightest else 0.0
    added = resampled((255 * thick * _cloud(decay, seed)).astype(np.float32), rows, columns)
    return _rounded((photo + added[..., None]) * np.float32(share))


def _cloud(decay: float, seed: int) -> NDArray[np.float64]:
    """(2^7 + 1)² values from 0 to 1, as a plasma fractal has them.

    Begins with 2×2 random values; seven times a point is put in the middle of any two, and every point moved by a
    random number of -1 to 1, `decay` times smaller each time. Fournier, Fussell, Carpenter: Computer Rendering of
    Stochastic Models. CACM 1982.
    """
    cloud = np.zeros((2, 2))
    for octave in range(_OCTAVES + 1):
        if octave:
            middle = _between(np.arange(2 * len(cloud) - 1) / 2, len(cloud)).astype(np.float64)
            cloud = middle @ cloud @ middle.T
        cloud += (2 * uniform(cloud.size, seed, octave).reshape(cloud.shape) - 1) / decay**octave
    cloud -= cloud.min()
    return cloud / cloud.max()


def _between(places: NDArray[np.float64], points: int) -> NDArray[np.float32]:
    """places×points: how much each of the points counts at each place, linearly."""
    return np.maximum(1 - np.abs(places[:, None] - np.arange(points)), 0).astype(np.float32)


def night(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Ours: little light and bluish, none from the sky, pools of sodium light, less colour, and the sensor's noise.

    Light is multiplied, and bytes are light to the power of 1 / 2.2: so bytes are multiplied by its power. Light is
    computed on a grid of 64×64 and is linear between.
    """
    height, width, _ = photo.shape
    ambient = _AMBIENT[severity - 1]
    y, x = (np.arange(64) + 0.5)[:, None] / 64, (np.arange(64) + 0.5) / 64
    sky = np.clip(y / 0.55, 0.12, 1)  # the lower, the more light walls and ground throw back
    place = uniform(3 * _LAMPS, seed, 1).reshape(3, _LAMPS)
    lamps = sum(
        (0.5 + power) * np.exp(-(((x - across) * width / height) ** 2 + ((y - 0.4 - 0.35 * down) * 1.2) ** 2) / 0.03)
        for across, down, power in place.T
    )
    light = [ambient * (sky * moon + 1.6 * lamps * lamp) for moon, lamp in zip(_MOON, _LAMP, strict=True)]
    gain = (np.minimum(np.stack(light, -1), 1.0) ** (1 / _GAMMA)).astype(np.float32)
    luma = photo @ np.array([0.299, 0.587, 0.114], np.float32)
    gray = photo + np.float32(0.08 * severity) * (luma[..., None] - photo)
    gray *= resampled(gain, enlarging(64, height), enlarging(64, width))
    gray += normal_bytes(photo.shape, _NIGHT_NOISE[severity - 1], seed)
    return _rounded(gray)


def rain(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Ours: less light, haze, and bright streaks of far and of near drops, slanted by the wind."""
    haze, light, begin = _RAIN[severity - 1]
    result = photo * np.float32(light * (1 - haze)) + np.float32(haze * _HAZE * light)
    slant = 0.5 * uniform(1, seed, 1)[0] - 0.25
    for layer, (length, thickness, opaque) in enumerate(_STREAKS):
        rate = begin / 1000 / (1, 5)[layer] / scale**2
        streaks = _streaks(photo.shape[:2], length * scale, thickness * scale, rate, slant, seed, 2 + layer)
        result += (np.float32(opaque) * streaks)[..., None] * (np.float32(_DROP * light) - result)
    return _rounded(result)


def _streaks(
    shape: tuple[int, int], length: float, thickness: float, rate: float, slant: float, seed: int, stream: int
) -> NDArray[np.float32]:
    """H×W, 1 where a streak is, softer towards its sides.

    On a grid whose columns lean by `slant`, one begins at a point of each `1 / rate`, drawn by its hash, and goes on
    for `length` rows; column `x` of row `y` is column `x` + the rounded `slant * y` of that grid, both from where
    nothing is negative.
    """
    height, width = shape
    length, thickness = max(2, round(length)), max(1, round(thickness))
    shift = np.floor(slant * np.arange(height) + 0.5).astype(int)
    shift -= shift.min()
    rows, columns = height + length, width + int(shift.max()) + thickness
    bits = hashed(np.arange(rows * columns, dtype=np.uint32), seed, stream).reshape(rows, columns)
    begun = np.cumsum(bits < rate * 2.0**32, axis=0, dtype=np.uint16)
    there = np.minimum(begun[length:] - begun[:-length], 1).astype(np.float32)
    wide = sum(there[:, i : i + width + int(shift.max()) + 1] for i in range(thickness))
    soft = (np.minimum(wide, 1) + wide / thickness) / 2
    return np.stack([soft[y, x : x + width] for y, x in enumerate(shift)])


def _rounded(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(values + np.float32(0.5), 0, 255).astype(np.uint8)
