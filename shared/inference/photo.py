"""A photo's bytes, decoded once for all models that need about the same size."""

from __future__ import annotations

from PIL import Image

from shared.inference.decode import decode_opened, open_image, upright_size
from shared.stopwatch import Stopwatch


class Photo:
    """The bytes of a JPEG, PNG or WebP, and its size upright, width and height; raises `ProblemError` for others."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._opened: Image.Image | None = open_image(data)
        self._decoded: dict[int, tuple[Image.Image, float]] = {}
        self.size = upright_size(self._opened)

    def decoded(self, long_side: int, watch: Stopwatch) -> Image.Image:
        """Upright RGB for what is at most half as long as `long_side` px: see `decode_opened`.

        `watch` is told how long that takes, of whoever comes later too, so that times of models can be compared. Raises
        `ProblemError`.
        """
        if long_side not in self._decoded:
            own = Stopwatch()
            opened = self._opened or open_image(self._data)
            self._opened = None  # decoding uses it up
            self._decoded[long_side] = decode_opened(opened, long_side), own.total_ms
        image, ms = self._decoded[long_side]
        watch.add("decode", ms)
        return image
