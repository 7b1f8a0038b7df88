"""Reads a label map's file as class ids."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts import limits
from shared.contracts.problems import ProblemError
from shared.decoding_cost import count_scans
from tripane.photos import UnreadableError, bounded
from tripane.truth.mapping import Mapping, UnknownValuesError

_GRAY = {"1", "L", "I", "I;16", "I;16B"}


class TruthError(Exception):
    """A label map that cannot be used for its photo; the message says why."""


def read(path: Path, mapping: Mapping, size: tuple[int, int], upright: tuple[int, int]) -> NDArray[np.uint8]:
    """The classes that a label map holds, H×W with `IGNORE`, brought to `size` (width, height in px) without mixing.

    `upright` is width and height of the upright photo, whose shape the label map must have at whatever scale.
    Raises `TruthError`.
    """
    image = _open(path)
    expected = image.width * upright[1] / upright[0]
    # A label map of another scale has been rounded to whole pixels.
    if abs(expected - image.height) > 1 + upright[1] / upright[0]:
        raise TruthError(
            f"{path.name} is {image.width} x {image.height} px; the upright photo is {upright[0]} x {upright[1]} px, "
            "which is another shape"
        )
    try:
        # One value a pixel does not mix; values first, as a mapping may be large and a map small.
        classes = mapping.to_classes(_values(image, mapping, path))
    except UnknownValuesError as error:
        raise TruthError(f"{path.name}: {error}") from error
    if image.size == size:
        return classes
    return np.asarray(Image.fromarray(classes).resize(size, Image.Resampling.NEAREST))


def _open(path: Path) -> Image.Image:
    try:
        data = bounded(path)
        count_scans(data)
        image = Image.open(BytesIO(data), formats=["PNG"])
        if image.width * image.height > limits.MAX_PIXELS:
            raise TruthError(f"{path.name} has more than {limits.MAX_PIXELS // 1_000_000} megapixels")
        image.load()
    except (MemoryError, TruthError):
        raise
    except (UnreadableError, ProblemError) as error:
        raise TruthError(f"{path.name} is not used: {error}") from error
    except Exception as error:  # decoders raise whatever their authors thought of
        raise TruthError(f"{path.name} cannot be read as PNG: it is another file, or truncated") from error
    return _as_stored(image, bits=data[24])


def _as_stored(image: Image.Image, bits: int) -> Image.Image:
    """Grey values of 2 or 4 bits as the file has them: Pillow spreads them over 0 to 255."""
    if image.mode != "L" or bits == 8:
        return image
    most = 2**bits - 1
    return image.point([value * most // 255 for value in range(256)])


def _values(image: Image.Image, mapping: Mapping, path: Path) -> NDArray[Any]:
    """The ids, or the colours as 0xRRGGBB, of each pixel, H×W."""
    if mapping.colours:
        if image.mode in _GRAY:
            raise TruthError(f"{path.name} holds ids; the mapping {mapping.title!r} has colours")
        red, green, blue = np.moveaxis(np.asarray(image.convert("RGB")).astype(np.uint32), -1, 0)
        return red << 16 | green << 8 | blue
    if image.mode == "P" or image.mode in _GRAY:
        values = np.asarray(image)
        return values if values.dtype == np.uint8 else values.astype(np.uint32)
    raise TruthError(f"{path.name} holds colours; the mapping {mapping.title!r} has ids")
