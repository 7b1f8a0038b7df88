"""A map's PNG from an untrusted source: its writer may be broken or malicious."""

from __future__ import annotations

import io

from PIL import Image

from shared.decoding_cost import count_scans


class MapError(Exception):
    """Bytes are no PNG of the mode and size that a map must have."""


def open_map(png: bytes, mode: str, size: tuple[int, int], *, exactly: bool = True) -> Image.Image:
    """Decode a PNG of Pillow's `mode` and of `size` (width, height; or at most that) once its header says so.

    Raises `MapError`.
    """
    try:
        count_scans(png)  # chunks without end
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        fits = image.size == size if exactly else image.width <= size[0] and image.height <= size[1]
        if image.mode != mode or not fits:
            raise MapError(f"{image.mode} of {image.size}, not {mode} of {'' if exactly else 'at most '}{size}")
        image.load()
    except (MemoryError, MapError):
        raise
    except Exception as error:  # decoders raise whatever their authors thought of
        raise MapError(str(error)) from error
    return image
