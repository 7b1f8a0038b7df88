"""What the orchestrator finds out about a photo without decoding a pixel."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.contracts import limits
from shared.contracts.problems import ProblemError, problem
from shared.inference.decode import check_not_empty, open_image, upright_size

# What bytes begin with, for telling people what they sent. Offset, bytes, name.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (8, b"WEBP", "WEBP"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypavif", "AVIF"),
    (0, b"%PDF", "PDF"),
    (0, b"\0\0\x01\0", "ICO"),
    (4, b"ftyp", "video"),
)


@dataclass(frozen=True)
class PhotoInfo:
    """A photo within the limits: its digest, upright size in px, media type and length in bytes."""

    sha256: str
    width: int
    height: int
    media_type: str
    length: int


def identify(data: bytes) -> str:
    """The kind of file that bytes seem to be, by how they begin."""
    for offset, signature, name in SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return name
    start = data[:512].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml")):
        return "SVG" if b"<svg" in data[:4096].lower() else "XML"
    return "HTML" if start.startswith((b"<!doctype html", b"<html")) else "unknown"


def inspect(data: bytes) -> PhotoInfo:
    """Hold a photo's bytes to the limits by their header; raises `ProblemError` saying what was found."""
    check_not_empty(data)
    if len(data) > limits.MAX_UPLOAD_BYTES:
        raise too_large(len(data))
    kind = identify(data)
    if kind not in limits.MEDIA_TYPES:
        is_known = kind != "unknown"
        raise _unsupported(
            f"The image's type is {kind}." if is_known else "The file is not an image that Tripane knows."
        )
    image = open_image(data)
    if kind != "JPEG" and getattr(image, "is_animated", False):
        raise _unsupported(f"The image is an animated {kind}.")
    width, height = upright_size(image)
    digest = hashlib.sha256(data).hexdigest()
    return PhotoInfo(digest, width, height, limits.MEDIA_TYPES[kind], len(data))


def too_large(length: int | None = None) -> ProblemError:
    """The problem of an upload over the limit; `length` in bytes where it is known."""
    found = f"The upload has {length:,} bytes; at" if length else "The upload is too large: at"
    allowed = f"{found} most {limits.MAX_UPLOAD_BYTES:,} ({limits.UPLOAD_SIZE}) are allowed."
    advice = f"Scale the photo down, {limits.RESULT_LONG_SIDE} px are plenty."
    return ProblemError(problem("too-large", f"{allowed} {advice}"))


def _unsupported(found: str) -> ProblemError:
    detail = f"{found} Accepted are {limits.formats('and')} that are not animated."
    return ProblemError(problem("unsupported-media-type", detail))
