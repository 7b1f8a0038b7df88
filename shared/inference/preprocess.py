"""An image to a network's input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.card import InputPolicy


def input_size(width: int, height: int, policy: InputPolicy) -> tuple[int, int]:
    """Width and height in px at which a network sees an upright photo of `width` by `height`."""
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


def preprocess(image: Image.Image, size: tuple[int, int], policy: InputPolicy) -> NDArray[np.float32]:
    """RGB image to 1×3×H×W, channels last: antialiased to `size` (width, height), then (byte - mean) / std."""
    resized = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0) if image.size != size else image
    width, height = size
    # N by a reshape: that of an indexed axis has the stride 0, which is no channels-last one to PyTorch: it takes the
    # contiguous path for ENet's pooling, and ENet takes twice as long.
    pixels = np.asarray(resized).reshape(1, height, width, 3).astype(np.float32)
    pixels -= policy.mean
    pixels /= policy.std
    return pixels.transpose(0, 3, 1, 2)
