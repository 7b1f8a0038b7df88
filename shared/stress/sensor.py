"""What a sensor adds in poor light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared.stress.random import normal_bytes

_DEVIATION = (0.08, 0.12, 0.18, 0.26, 0.38)
"""Standard deviation of noise by severity, of 1: ImageNet-C's Gaussian noise."""


def noise(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """Gaussian noise, another number for each byte. A pixel's noise does not grow with the photo: no `scale`."""
    return noisy(photo, 255 * _DEVIATION[severity - 1], seed)


def noisy(photo: NDArray[np.uint8], deviation: float, seed: int) -> NDArray[np.uint8]:
    """Noise of a standard deviation, of 255, added to each byte."""
    added = normal_bytes(photo.shape, deviation, seed)
    added += photo
    return np.clip(added, 0, 255, out=added).astype(np.uint8)
