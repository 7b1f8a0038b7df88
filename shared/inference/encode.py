"""Maps to PNG."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASSES

# Level 1 is a few times faster than the default and label maps come out hardly larger.
_COMPRESSION = 1
PALETTE = [channel for label in CLASSES for channel in label.colour]


def encode_labels(labels: NDArray[np.uint8]) -> bytes:
    """Ids, height×width, to an 8-bit palette PNG whose bytes are the ids and whose colours are the classes'."""
    image = Image.fromarray(labels).convert("L")
    image.putpalette(PALETTE)
    return _png(image)


def encode_gray(values: NDArray[np.uint8]) -> bytes:
    """Bytes, height×width, to an 8-bit gray PNG."""
    return _png(Image.fromarray(values))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue()
