"""Label maps as the orchestrator needs them: to compare, and to lay over a photo."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from shared.decoding_cost import count_scans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OVERLAY_ALPHA = 160
"""Of 255: the classes' colours stand out and the photo shows through."""


class LabelsError(Exception):
    """A file is no label map of the size it must have."""


def read_labels(png: bytes, size: tuple[int, int], scaled_to: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Ids, height×width, of a label PNG of `size` (width, height); scaled without mixing ids. Raises `LabelsError`."""
    import numpy as np  # here: an overlay alone does not need it

    image = _open(png, size)
    if scaled_to and scaled_to != size:
        image = image.resize(scaled_to, Image.Resampling.NEAREST)
    return np.asarray(image)


def overlay(png: bytes, size: tuple[int, int]) -> bytes:
    """A label PNG of `size` as colours that a photo shows through: the same indices, with a transparency chunk.

    Raises `LabelsError`.
    """
    image = _open(png, size)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=bytes([OVERLAY_ALPHA]) * 256, compress_level=1)
    return out.getvalue()


def _open(png: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode a label PNG once its header is valid: a compromised model may have written anything."""
    try:
        count_scans(png)  # chunks without end
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        if (image.mode, image.size) != ("P", size):
            raise LabelsError(f"{image.mode} of {image.size}, not P of {size}")
        image.load()
    except (MemoryError, LabelsError):
        raise
    except Exception as error:  # decoders raise whatever their authors thought of
        raise LabelsError(str(error)) from error
    return image
