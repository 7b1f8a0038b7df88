"""What lens, motion and few pixels do to a photo: sums of neighbours, in whole numbers where they are many."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shared.stress.random import uniform

_RADIUS = (3, 4, 6, 8, 10)
"""Px of the disk by severity: ImageNet-C's defocus blur."""
_MOTION = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))
"""Half the length in px, and the deviation along it, by severity: ImageNet-C's motion blur."""
_FACTOR = (0.6, 0.5, 0.4, 0.3, 0.25)
"""Factor of height and width, by severity: ImageNet-C's pixelation."""


def defocus(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """The mean over a disk: all pixels whose centre is at most the radius and a half away."""
    within = _RADIUS[severity - 1] * scale + 0.5
    radius = math.floor(within)
    reach = [math.floor(math.sqrt(within**2 - dy**2)) for dy in range(-radius, radius + 1)]
    height, width, _ = photo.shape
    padded = np.pad(photo, ((radius, radius), (radius + 1, radius), (0, 0)), "edge")
    # Sums of a row up to each pixel, modulo 2^16: the difference of two is right where a sum of bytes is below it.
    sums: NDArray[np.uint16 | np.uint32]
    sums = np.cumsum(padded, axis=1, dtype=np.uint16 if (2 * max(reach) + 1) * 255 < 2**16 else np.uint32)
    total = np.zeros(photo.shape, np.uint32)
    for row, half in enumerate(reach):
        right, left = radius + 1 + half, radius - half
        rows = sums[row : row + height]
        total += rows[:, right : right + width] - rows[:, left : left + width]
    return _divided(total, sum(2 * half + 1 for half in reach))


def motion_blur(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Each pixel and those behind it on a line, at most 45 degrees from level, weighted by half a bell curve.

    Weights are whole 256ths: the difference of the rounded sums before and after each.
    """
    half, deviation = _MOTION[severity - 1]
    steps = max(1, math.floor((2 * half + 1) * scale + 0.5))
    curve = np.exp(-((np.arange(steps) / (deviation * scale)) ** 2) / 2)
    weights = np.diff(np.floor(256 * np.cumsum(curve) / curve.sum() + 0.5), prepend=0).astype(np.uint16)
    angle = math.radians(90 * uniform(1, seed, 1)[0] - 45)
    across = np.floor(np.arange(steps) * math.cos(angle) + 0.5).astype(int)
    down = np.floor(np.arange(steps) * math.sin(angle) + 0.5).astype(int)
    height, width, _ = photo.shape
    above, below = -min(0, down.min()), max(0, down.max())
    padded = np.pad(photo, ((above, below), (0, across.max()), (0, 0)), "edge").astype(np.uint16)
    total = np.full(photo.shape, 128, np.uint16)  # a half, so that cutting rounds; at most 256 times 255 is added
    part = np.empty_like(total)
    for weight, x, y in zip(weights, across, down + above, strict=True):
        if weight:
            total += np.multiply(padded[y : y + height, x : x + width], weight, out=part)
    return (total >> 8).astype(np.uint8)


def low_resolution(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Made smaller, each new pixel the mean of what it covers, and brought back bilinearly.

    Bilinearly, as a small photo is enlarged for a network. Where a photo is of `scale` does not matter.
    """
    height, width, _ = photo.shape
    factor = _FACTOR[severity - 1]
    rows, columns = max(1, math.floor(height * factor + 0.5)), max(1, math.floor(width * factor + 0.5))
    there = resampled(photo.astype(np.float32), averaging(height, rows), averaging(width, columns))
    there = np.floor(there + 0.5)
    back = resampled(there, enlarging(rows, height), enlarging(columns, width))
    return np.clip(back + 0.5, 0, 255).astype(np.uint8)


def resampled(
    image: NDArray[np.float32], rows: NDArray[np.float32], columns: NDArray[np.float32]
) -> NDArray[np.float32]:
    """An H×W or H×W×channels array with each new row and column a weighted sum of the old ones: a matrix for each."""
    planes = image if image.ndim == 2 else np.ascontiguousarray(np.moveaxis(image, 2, 0))
    there = np.asarray(rows @ planes @ columns.T, np.float32)
    return there if image.ndim == 2 else np.moveaxis(there, 0, 2)


def averaging(size: int, smaller: int) -> NDArray[np.float32]:
    """smaller×size: new pixel i is the mean of what lies from i to i + 1 times size / smaller."""
    edges = np.arange(smaller + 1) * (size / smaller)
    pixel = np.arange(size)
    covered = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    return (np.maximum(covered, 0) * (smaller / size)).astype(np.float32)


def enlarging(size: int, larger: int) -> NDArray[np.float32]:
    """larger×size: between the two nearest pixel centres, linearly; pixel i's centre is at (i + 0.5) / size."""
    place = np.clip((np.arange(larger) + 0.5) * (size / larger) - 0.5, 0, size - 1)
    return np.maximum(1 - np.abs(place[:, None] - np.arange(size)), 0).astype(np.float32)


def _divided(total: NDArray[np.uint32], count: int) -> NDArray[np.uint8]:
    """Whole numbers divided and rounded half up."""
    return ((total + np.uint32(count // 2)) // np.uint32(count)).astype(np.uint8)
