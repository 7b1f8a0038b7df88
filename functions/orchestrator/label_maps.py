"""Label maps as the orchestrator needs them: to compare, and to lay over a photo."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

OVERLAY_ALPHA = 160
"""Of 255: the classes' colours stand out and the photo shows through."""


def read_labels(png: bytes, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Ids, height×width, of a label PNG of ours; brought to `size` (width, height) without mixing ids if it differs."""
    image: Image.Image = Image.open(io.BytesIO(png), formats=["PNG"])
    if size and image.size != size:
        image = image.resize(size, Image.Resampling.NEAREST)
    return np.asarray(image)


def overlay(png: bytes) -> bytes:
    """A label PNG as colours that a photo shows through: the same indices, with a transparency chunk."""
    image = Image.open(io.BytesIO(png), formats=["PNG"])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=bytes([OVERLAY_ALPHA]) * 256, compress_level=1)
    return out.getvalue()
