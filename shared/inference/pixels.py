"""An image to the array that a network takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.card import InputPolicy

REDUCING_GAP = 2.0
"""A photo that is at least so many times too large is averaged down in whole steps first, by JPEG's decoder where it is
one. Closer to what the network sees it must be filtered properly: decoding to the very size costs SwiftNet a point of
mIoU."""


def input_size(width: int, height: int, policy: InputPolicy) -> tuple[int, int]:
    """Width and height in px at which a network sees an upright photo of `width` by `height`."""
    if policy.size:
        return policy.size
    scale = min(
        policy.short_side / min(width, height),
        policy.max_enlargement,
        policy.max_long_side / max(width, height),
    )
    multiple = policy.multiple
    return (
        max(multiple, round(width * scale / multiple) * multiple),
        max(multiple, round(height * scale / multiple) * multiple),
    )


def decoded_long_side(size: tuple[int, int]) -> int:
    """Long side in px that a photo must be decoded at to be brought to `size`."""
    return round(REDUCING_GAP * max(size))


def pixels(image: Image.Image, size: tuple[int, int], policy: InputPolicy) -> NDArray[np.float32]:
    """RGB image to 1×3×H×W: antialiased to `size` (width, height), then (byte - mean) / std."""
    if image.size != size:
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=REDUCING_GAP)
    planes = np.stack([np.asarray(channel) for channel in image.split()])  # while they are bytes: a quarter of the work
    normalised = planes[np.newaxis].astype(np.float32)
    normalised -= np.asarray(policy.mean, np.float32).reshape(-1, 1, 1)
    normalised /= np.asarray(policy.std, np.float32).reshape(-1, 1, 1)
    return normalised
