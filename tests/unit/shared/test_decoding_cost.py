"""What decoding may cost, from the bytes alone."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from functions.orchestrator.photo import inspect
from shared.contracts.problems import ProblemError
from shared.decoding_cost import (
    MAX_EXIF_PARTS,
    MAX_PARTS,
    MAX_SCANS,
    MAX_TEXTS,
    check_profile,
    check_scans,
    count_scans,
)
from tests.support.photos import jpeg

SIDE = 64


def check_cost(data: bytes, width: int, height: int) -> None:
    check_scans(count_scans(data), width, height)


def encoded(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((SIDE, SIDE), 80).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


def progressive(scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    data = encoded("JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    own = data.count(b"\xff\xda")
    return data[:-2] + data[last:-2] * (scans - own) + data[-2:]


def png_with(chunks: int, kind: bytes = b"teXt") -> bytes:
    data = encoded("PNG")
    empty = struct.pack(">I4sI", 0, kind, zlib.crc32(kind))
    return data[:33] + empty * chunks + data[33:]


def text(key: bytes, text: bytes = b"") -> bytes:
    """A chunk of compressed text, which most honest PNGs have none of."""
    body = key + b"\0\0" + text
    return struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))


def png_of(chunks: bytes) -> bytes:
    data = encoded("PNG")
    return data[:33] + chunks + data[33:]


def exif_in(parts: int) -> bytes:
    """A JPEG whose EXIF data lie in so many segments, which Pillow joins one by one."""
    data = encoded("JPEG")
    return data[:2] + (b"\xff\xe1\0\x0eExif\0\0II*\0\0\0") * parts + data[2:]


def webp_with(chunks: int) -> bytes:
    data = encoded("WEBP")
    body = data[8:] + (struct.pack("<4sI", b"JUNK", 1) + b"\0\0") * chunks
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        jpeg(),
        encoded("PNG"),
        progressive(10),
        progressive(MAX_SCANS),
        encoded("JPEG", restart_marker_blocks=1),
        encoded("WEBP"),
        encoded("WEBP", lossless=True),
        png_with(500),
        png_with(1, b"iCCP"),
        png_of(text(b"k", zlib.compress(b"by hand")) * MAX_TEXTS),
        exif_in(MAX_EXIF_PARTS),
        webp_with(500),
        encoded("JPEG")[:2] + b"\xff" * 1000 + encoded("JPEG")[2:],
        encoded("JPEG")[:-2] + b"\xff\0" * 1_000_000 + b"\xff\xd9",  # of the picture, which decoders pass over quickly
        encoded("JPEG") + encoded("JPEG") * 200,  # as MPO: pictures behind the first one's end
        encoded("JPEG", exif=b"Exif\0\0" + b"\xff\xda\0\2" * 2000),  # what metadata holds is none of the picture's
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF",
    ],
)
def test_honest_files_and_stumps_pass(data):
    check_cost(data, SIDE, SIDE)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (progressive(MAX_SCANS + 1), "scans"),
        (progressive(11_457), "scans"),
        (encoded("JPEG")[:-2] + b"\xff\xef\0\2" * MAX_PARTS + b"\xff\xd9", "segments"),
        (encoded("JPEG")[:2] + b"\xff\xef\0\2" * 1_000_000 + encoded("JPEG")[2:], "segments"),
        (encoded("JPEG")[:2] + b"\xff" * 1_000_000 + encoded("JPEG")[2:], "bytes between its segments"),
        (encoded("JPEG")[:20] + b"\0\xff\0" * 50_000 + encoded("JPEG")[20:], "bytes between its segments"),
        (png_with(2, b"iCCP"), "colour profiles"),
        (png_with(4000, b"iCCP"), "colour profiles"),
        (png_of(text(b"k") * (MAX_TEXTS + 1)), "compressed texts"),
        (png_with(MAX_TEXTS + 1, b"iTXt"), "compressed texts"),
        (exif_in(MAX_EXIF_PARTS + 1), "segments of EXIF data"),
        (encoded("JPEG")[:2] + b"\xff\xd9" + b"\xff\xef\0\2" * MAX_PARTS + encoded("JPEG")[2:], "segments"),
        (encoded("JPEG")[:2] + b"\xff\xf0\xff\xff" + b"\xff\xef\0\2" * MAX_PARTS + encoded("JPEG")[2:], "segments"),
        (png_with(MAX_PARTS), "chunks"),
        (png_with(300_000), "chunks"),
        (webp_with(MAX_PARTS), "chunks"),
    ],
)
def test_what_would_hold_a_decoder_is_refused(data, word):
    with pytest.raises(ProblemError, match=word) as refused:
        check_cost(data, SIDE, SIDE)
    assert refused.value.problem.kind == "image-too-costly"


def profile_of_steps() -> bytes:
    """The display's sRGB with another tag, whose type is that of processing elements."""
    whole = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return whole + b"mpet" + bytes(12)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_of_many_steps_is_refused_and_any_other_is_taken(kind):
    check_profile(None)
    inspect(encoded(kind, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()))
    with pytest.raises(ProblemError, match="colour profile") as refused:
        inspect(encoded(kind, icc_profile=profile_of_steps()))
    assert refused.value.problem.kind == "image-too-costly"


def test_the_larger_the_photo_the_fewer_scans():
    check_cost(progressive(20), 10_000, 5_000)
    with pytest.raises(ProblemError, match="at most 20 "):
        check_cost(progressive(21), 10_000, 5_000)


@pytest.mark.parametrize("between", [b"", b"\0" * 40, b"\xff" * 40, b"\xff\xd0" * 40, b"\xff\0" * 40])
def test_scans_are_found_whatever_lies_between_them(between):
    scan = b"\xff\xda\0\2" + b"\x12\x34" + between
    with pytest.raises(ProblemError, match="scans"):
        check_cost(encoded("JPEG")[:-2] + scan * (MAX_SCANS + 1), SIDE, SIDE)


@pytest.mark.parametrize("mark", [0x02, 0x4F, 0xBF, 0xC8, 0xF0, 0xFD])
def test_scans_behind_a_reserved_marker_do_not_hide(mark):
    # Where restarts are on, libjpeg looks for the next marker right behind it: what might be a length there is none.
    scan = b"\xff\xda\0\2" + b"\x12\x34"
    hidden = bytes([0xFF, mark]) + struct.pack(">H", 2 + len(scan) * 5000) + scan * 5000
    with pytest.raises(ProblemError, match="scans"):
        check_cost(encoded("JPEG")[:-2] + hidden + b"\xff\xd9", SIDE, SIDE)


def test_scans_that_a_length_reaches_over_do_not_hide():
    # libjpeg takes a segment's length at its word too: what lies in it is no marker.
    hidden = b"\xff\xfe" + struct.pack(">H", 2 + 4 * 5000) + b"\xff\xda\0\2" * 5000
    check_cost(encoded("JPEG")[:-2] + hidden + b"\xff\xd9", SIDE, SIDE)
