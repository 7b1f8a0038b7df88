"""Photos to measure with, made of the rendered samples: no photo of a person is needed."""

from __future__ import annotations

import io
from functools import cache
from itertools import count

from PIL import Image

from shared.paths import SAMPLES_DIR

SAMPLE = SAMPLES_DIR / "sunny_oldtown.jpg"
_numbers = count(1)


@cache
def sample() -> bytes:
    """A JPEG of 2048 x 1024 px, 0.8 MB."""
    return SAMPLE.read_bytes()


def unseen() -> bytes:
    """The same photo with other bytes each time, so that no answer exists: a comment is inserted near its start."""
    comment = str(next(_numbers)).encode()
    return sample()[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + sample()[2:]


def enlarged(megapixels: float, kind: str) -> bytes:
    """The sample at another size, twice as wide as high, as JPEG, PNG or WEBP."""
    height = round((megapixels * 1e6 / 2) ** 0.5)
    out = io.BytesIO()
    options = {"JPEG": {"quality": 85}, "PNG": {"compress_level": 1}, "WEBP": {"quality": 80, "method": 0}}
    with Image.open(SAMPLE) as image:
        image.resize((2 * height, height), Image.Resampling.BICUBIC).save(out, kind, **options[kind])
    return out.getvalue()
