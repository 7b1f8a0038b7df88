"""Label maps, read to be compared, and made into overlays for a photo."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from shared.map_png import open_map

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OVERLAY_ALPHA = 160
"""Opacity, of 255: the classes' colours stand out and the photo shows through."""


def read_labels(png: bytes, size: tuple[int, int], scaled_to: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Ids, height×width, of a label PNG of `size` (width, height); scaled without mixing ids. Raises `MapError`."""
    import numpy as np  # here: an overlay alone does not need it

    image = open_map(png, "P", size)
    if scaled_to and scaled_to != size:
        image = image.resize(scaled_to, Image.Resampling.NEAREST)
    return np.asarray(image)


def overlay(png: bytes, size: tuple[int, int]) -> bytes:
    """A label PNG of `size` as colours that a photo shows through: the same indices, with a transparency chunk.

    Raises `MapError`.
    """
    image = open_map(png, "P", size)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=bytes([OVERLAY_ALPHA]) * 256, compress_level=1)
    return out.getvalue()
