"""What is taken from outside, and how large a result is: the numbers every part and every message agrees on.

`GET /v1/models` publishes them, and the page takes them from there. What decoding a photo may cost is in
`shared/decoding_cost.py`.
"""

from __future__ import annotations

MAX_UPLOAD_BYTES = 4 * 1024 * 1024
"""An API Gateway request of 10 MB and a synchronous invocation of 6 MB in base64 both have room for this."""

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Limit of a photo that is not uploaded: a file, or an object in a bucket that a batch processes."""

MAX_PIXELS = 50_000_000
MIN_SIDE = 32
MAX_ASPECT = 8.0
MEDIA_TYPES: dict[str, str] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""Formats that are taken, under Pillow's name for each."""

RESULT_LONG_SIDE = 2048
"""Label and confidence maps have the upright image's size, scaled down to this long side, never up."""

UPLOADS_LIVE_HOURS = 24
"""How long an upload and its results are available."""

UPLOADS_CACHED_HOURS = 1
"""How long a browser that has shown an upload's pictures may show them again without asking."""

# As sentences state them.
FORMATS = ("JPEG", "PNG", "WebP")
UPLOAD_SIZE = f"{MAX_UPLOAD_BYTES // 2**20} MiB"
MEGAPIXELS = f"{MAX_PIXELS // 1_000_000} megapixels"


def formats(conjunction: str) -> str:
    """The formats in a sentence: "JPEG, PNG or WebP"."""
    return f"{', '.join(FORMATS[:-1])} {conjunction} {FORMATS[-1]}"


def result_size(width: int, height: int) -> tuple[int, int]:
    """Width and height in pixels of the result maps for an upright image of `width` by `height` pixels."""
    scale = min(1.0, RESULT_LONG_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
