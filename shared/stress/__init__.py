"""Photos as bad weather, a bad lens, a bad sensor and a bad connection would give them: eight kinds, five severities.

    from shared.stress import KINDS, stress
    worse = stress(photo, "fog", 3)

Noise, defocus, motion blur, JPEG, fog and low resolution take their severities from ImageNet-C (Hendrycks and
Dietterich: Benchmarking Neural Network Robustness to Common Corruptions and Perturbations. ICLR 2019), which
Cityscapes-C applies to street photos (Kamann and Rother: Benchmarking the Robustness of Semantic Segmentation Models.
CVPR 2020; Michaelis et al.: Benchmarking Robustness in Object Detection. 2019). Night and rain, which those lack, are
ours.

Lengths, such as the radius of a blur, are in px of a photo whose short side is 512 px, as networks see it, and are
scaled to any other; noise and JPEG know only pixels. So bring a large photo to that size before: a network does it
anyway.

Written to be written again in JavaScript with the same result: random numbers are a hash of 32 bits of where they are
used and of the seed (`random`), blurs and JPEG compute with whole numbers, every result is rounded half up and clipped
to 0..255, and what lies outside the photo is its nearest pixel. Fog, night, rain and low resolution compute with
floats, where two languages may differ by one of 255.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from shared.stress.blur import defocus, low_resolution, motion_blur
from shared.stress.jpeg import jpeg
from shared.stress.sensor import noise
from shared.stress.weather import fog, night, rain

Photo = NDArray[np.uint8]

KINDS = {
    "night": "Night",
    "fog": "Fog",
    "rain": "Rain",
    "motion_blur": "Motion blur",
    "defocus": "Defocus",
    "noise": "Noise",
    "jpeg": "JPEG",
    "low_resolution": "Low resolution",
}
"""Every kind, with its title."""

SEVERITIES = (1, 2, 3, 4, 5)
SHORT_SIDE = 512
"""Px of the short side of a photo whose lengths are as the kinds have them."""

_CORRUPTIONS: dict[str, Callable[[Photo, int, int, float], Photo]] = {
    "night": night,
    "fog": fog,
    "rain": rain,
    "motion_blur": motion_blur,
    "defocus": defocus,
    "noise": noise,
    "jpeg": jpeg,
    "low_resolution": low_resolution,
}


def stress(photo: Photo, kind: str, severity: int, seed: int = 0, short_side: int | None = None) -> Photo:
    """A photo, H×W×3 bytes, made worse; the same size, always the same for the same arguments.

    Args:
        photo: any size from 1×1 px on.
        kind: one of `KINDS`.
        severity: 1 to 5.
        seed: another one gives other noise, fog, streaks, lamps and another direction of motion.
        short_side: px, where `photo` is only a part of a larger one: that one's.

    Raises `ValueError` for what is no photo, and for a kind or a severity that there is not.
    """
    if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8 or not photo.size:
        raise ValueError(f"a photo is height x width x 3 bytes; this is {photo.shape} of {photo.dtype}")
    if kind not in KINDS:
        raise ValueError(f"no kind of stress is called {kind!r}: {', '.join(KINDS)}")
    if severity not in SEVERITIES:
        raise ValueError(f"severity is 1 to 5, not {severity}")
    scale = (short_side or min(photo.shape[:2])) / SHORT_SIDE
    return _CORRUPTIONS[kind](photo, severity, seed, scale)
