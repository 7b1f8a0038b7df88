"""Encodes maps as PNG."""

from __future__ import annotations

import io
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASSES

PALETTE = [channel for label in CLASSES for channel in label.colour]


def encode_labels(labels: NDArray[np.uint8]) -> bytes:
    """Ids, height×width, to a palette PNG: a pixel's index is its id, its colour the class's, black for other ids.

    With ids below 16 two pixels share a byte, which makes the file half as large; readers unpack them.
    """
    image = Image.fromarray(labels).convert("L")
    # As many colours as there are ids: Pillow packs indices into the bits that the palette's length needs.
    image.putpalette(PALETTE + [0, 0, 0] * max(0, int(labels.max(initial=0)) + 1 - len(CLASSES)))
    return _png(image)


def encode_gray(values: NDArray[np.uint8]) -> bytes:
    """Bytes, height×width, to an 8-bit gray PNG."""
    return _png(Image.fromarray(values))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Maps are runs of like bytes: looking for those alone takes as long as zlib's level 1, and label maps come out half
    # as large, which levels 6 to 9 only reach in several times as long.
    image.save(out, "PNG", compress_type=zlib.Z_RLE)
    return out.getvalue()
