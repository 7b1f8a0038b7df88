"""A photo's bytes to an upright RGB image, whatever mode, depth, profile or orientation they come in.

Limits are checked from the header, before any pixel is decoded.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms, UnidentifiedImageError

from shared.contracts import limits
from shared.contracts.problems import Problem, ProblemError, problem
from shared.decoding_cost import check_profile, check_scans, count_scans

Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and says what it is
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
_EXIF_ORIENTATION = 0x0112
# What brings each EXIF orientation upright; those from 5 on exchange width and height.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height in px once orientation is applied; reads the header only."""
    return (image.height, image.width) if _orientation(image) >= 5 else image.size


def _orientation(image: Image.Image) -> int:
    """EXIF orientation as the header says it; 1, upright, where that is missing or broken.

    As browsers have it, so that the page shows what the networks saw: Chromium and Firefox leave a WebP as it lies, and
    none of them reads XMP, whose orientation is often stale; Pillow's `getexif` does, so it is not asked.
    """
    if image.format == "WEBP":
        return 1
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        orientation = exif.get(_EXIF_ORIENTATION)
    except Exception:  # metadata that nobody can read turns nothing
        return 1
    return orientation if orientation in _UPRIGHT else 1


def open_image(data: bytes) -> Image.Image:
    """Read the header of a JPEG, PNG or WebP within the limits; raises `ProblemError` otherwise."""
    check_not_empty(data)
    scans = count_scans(data)  # before Pillow walks over the same bytes, at many times the cost
    with _undecodable(begins_well=data.startswith(_BEGINNINGS)):
        image = Image.open(io.BytesIO(data), formats=list(limits.MEDIA_TYPES))
    if image.format == "PNG":
        # Orientation may follow the pixels, and Pillow would decode those to get there.
        image.info.setdefault("exif", _png_exif(data))
    check_dimensions(*image.size)
    check_scans(scans, *image.size)
    check_profile(image.info.get("icc_profile"))
    return image


def check_not_empty(data: bytes) -> None:
    """Raises `ProblemError` where there are no bytes at all."""
    if not data:
        raise ProblemError(problem("image-empty", "The image has no bytes."))


def _png_exif(data: bytes) -> bytes:
    """What a PNG's eXIf chunk holds, wherever it stands; empty when there is none."""
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf":
            return data[at + 8 : at + 8 + length]
        at += length + 12
    return b""


def check_dimensions(width: int, height: int) -> None:
    """Hold a photo to the limits; raises `ProblemError` that names them."""
    pixels, aspect = width * height, max(width, height) / max(1, min(width, height))
    if pixels <= limits.MAX_PIXELS and min(width, height) >= limits.MIN_SIDE and aspect <= limits.MAX_ASPECT:
        return
    raise ProblemError(
        problem(
            "image-dimensions",
            f"The image is {width} x {height} px. Allowed are at most {limits.MAX_PIXELS // 1_000_000} megapixels, at "
            f"least {limits.MIN_SIDE} px on each side, and an aspect ratio of at most {limits.MAX_ASPECT:g}:1.",
        )
    )


def decode(data: bytes, long_side: int | None = None) -> Image.Image:
    """Decode a photo's bytes: see `decode_opened`."""
    return decode_opened(open_image(data), long_side)


def decode_opened(image: Image.Image, long_side: int | None = None) -> Image.Image:
    """Decode what `open_image` gave, to an upright 8-bit RGB image.

    A JPEG much larger than `long_side` px is decoded at a half, a quarter or an eighth of its size, never below
    `long_side`: the decoder skips the detail instead of computing it. Raises `ProblemError`.
    """
    orientation = _orientation(image)  # now: metadata behind the pixels must not turn what was measured by the header
    with _undecodable():
        # MPO is a JPEG with more pictures behind it, as many phones make it.
        if long_side and image.format in {"JPEG", "MPO"}:
            scale = long_side / max(image.size)
            image.draft(None, (round(image.width * scale), round(image.height * scale)))
        image.load()
        rgb = _to_rgb(image)
    return rgb.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else rgb


@contextmanager
def _undecodable(*, begins_well: bool = True) -> Iterator[None]:
    """Turn what a decoder raises into the problem of bytes that are no whole photo.

    Decoders raise whatever their authors thought of, `AssertionError` too: only what is not the photo's fault passes.
    """
    try:
        yield
    except (MemoryError, ProblemError):
        raise
    except Exception as error:
        raise ProblemError(_why_not(error, begins_well)) from error


def _why_not(error: Exception, begins_well: bool) -> Problem:
    """What is wrong with a photo, or what only begins like one, of which a decoder says `error`."""
    if isinstance(error, UnidentifiedImageError):
        rare = "its header is corrupt, or of a kind that hardly any program writes"
        found = rare if begins_well else "its bytes are not a JPEG, PNG or WebP"
    elif "PngImagePlugin.MAX_TEXT" in str(error) or "MAX_TEXT_MEMORY" in str(error):
        detail = "The image has a colour profile, or texts, that are too large when unpacked. Save it without metadata."
        return problem("image-too-costly", detail)
    else:
        found = "it is truncated or corrupt"
    return problem("image-undecodable", f"The image cannot be decoded: {found}.")


def _to_rgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits a channel, gray: Pillow would clip, not scale
        image = _to_8_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image)
        image = white
    elif image.mode == "P":
        image = image.convert("RGB")
    return _to_srgb(image, profile)


def _to_8_bits(image: Image.Image) -> Image.Image:
    """16 bits of gray as 8; where one of its values stands for transparency, with alpha."""
    clear = image.info.pop("transparency", None)
    gray = image.convert("I").point(lambda value: value / 256).convert("L")
    if isinstance(clear, int):
        import numpy as np  # here: the orchestrator decodes nothing, and numpy is slow to import

        gray.putalpha(Image.fromarray(np.asarray(image) != clear).convert("L"))
    return gray


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply an embedded colour profile; a broken or unusual one is ignored, as browsers do."""
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")
