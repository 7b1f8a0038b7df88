"""How much work a photo's bytes demand of a decoder, determined before any pixel is decoded.

Dimensions do not bound it alone. A progressive JPEG may go over its picture again and again: a scan of sixteen bytes
takes as long as one of a megabyte where it says that nothing changes, so 200 kB could hold a decoder for a minute. And
a file of a million empty segments or chunks, or of bytes between them, takes longer to walk through than its picture to
decode; each of four thousand colour profiles, of which a PNG has one, or of its compressed texts is unpacked; and each
of a JPEG's segments of EXIF data is a copy of all before it. All are counted here, by a walk over the file's structure
that itself stops at the limit.
"""

from __future__ import annotations

import re
import struct

from shared.contracts.problems import ProblemError, problem

MAX_SCANS = 100
"""Encoders write 10 to 14, jpegtran's scripts a few more."""
MAX_SCANNED_PIXELS = 1_000_000_000
"""Scans times pixels: twenty scans of the largest photo, half a second of scans that say nothing."""
MAX_PARTS = 16_384
"""Segments of a JPEG, chunks of a PNG or WebP: 64 MiB of PNG in chunks of 4 KiB."""
MAX_TEXTS = 64
"""Chunks of a PNG that may hold compressed text, of up to a megabyte each: 3 ms, and not remembered if corrupt."""
MAX_EXIF_PARTS = 64
"""Segments of a JPEG's EXIF data: 4 MiB of it, which takes one in most photos."""
MAX_FILL = 65_536
"""Bytes that belong to no segment, before the picture of a JPEG: decoders look at each alone."""

# A marker, but for restart markers and those that are reserved: what seems to be the length of one of these is passed
# over byte by byte, by libjpeg where it looks for the next restart, by Pillow where it looks for the first scan.
_MARKER = re.compile(rb"\xff([\xc0-\xc7\xc9-\xcf\xd8-\xef\xfe])")
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA


def count_scans(data: bytes) -> int:
    """How often a decoder goes over the picture: 1, or what a JPEG says.

    Raises `ProblemError` "image-too-costly" for more parts or scans than any photo needs. Says nothing of bytes that
    are no whole JPEG, PNG or WebP: that is the decoder's to say.
    """
    if data.startswith(b"\xff\xd8"):
        scans = _jpeg_scans(data)
        if scans > MAX_SCANS:
            raise _too_many_scans(MAX_SCANS)
        return scans
    if data.startswith(b"\x89PNG"):
        _count_chunks(data, start=8, header=">I4x", around=12)
    elif data.startswith(b"RIFF"):
        _count_chunks(data, start=12, header="<4xI", around=8)
    return 1


def check_scans(scans: int, width: int, height: int) -> None:
    """Hold `scans` over a photo of `width` by `height` px to what they may cost; raises like `count_scans`."""
    if scans * width * height > MAX_SCANNED_PIXELS:
        raise _too_many_scans(MAX_SCANNED_PIXELS // (width * height))


def check_profile(profile: bytes | None) -> None:
    """Refuse a colour profile of processing elements: a thousand of them in 9 kB took 8 s. Raises like `count_scans`.

    Little CMS applies each to a grid of colours (ICC.1, multiProcessElementsType); photos' profiles have none.
    """
    if profile and b"mpet" in profile:
        raise _too_costly("steps in its colour profile: a matrix or a table is accepted")


def _jpeg_scans(data: bytes) -> int:
    """How often a decoder goes over a JPEG's picture: ITU-T T.81, annex B. MPO has more pictures, behind the end."""
    at, scans, fill, exif_parts = 2, 0, 0, 0
    for _ in range(MAX_PARTS):
        found = _MARKER.search(data, at)
        if found is None or (scans and found[1][0] == _END_OF_IMAGE):
            return scans
        fill += 0 if scans else found.start() - at
        if fill > MAX_FILL:
            raise _too_costly(f"bytes between its segments: at most {MAX_FILL:,} are accepted")
        at = found.end()
        if found[1][0] in {_START_OF_IMAGE, _END_OF_IMAGE}:
            continue  # neither has a length; Pillow heeds no end before the first scan
        scans += found[1][0] == _START_OF_SCAN
        exif_parts += data.startswith(b"Exif\0\0", at + 2)
        if exif_parts > MAX_EXIF_PARTS:
            raise _too_costly(f"segments of EXIF data: at most {MAX_EXIF_PARTS} are accepted")
        if at + 2 > len(data):
            return scans
        at += int.from_bytes(data[at : at + 2], "big")
    raise _too_costly(f"segments: at most {MAX_PARTS:,} are accepted")


def _count_chunks(data: bytes, start: int, header: str, around: int) -> None:
    """Walk over chunks that begin with a length as `header` reads it, and are `around` bytes longer than it says."""
    at, profiles, texts = start, 0, 0
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        kind = data[at + 4 : at + 8]
        profiles += kind == b"iCCP"
        texts += kind in {b"zTXt", b"iTXt"}
        if profiles > 1:
            raise _too_costly("colour profiles: one is accepted")
        if texts > MAX_TEXTS:
            raise _too_costly(f"compressed texts: at most {MAX_TEXTS} are accepted")
        (length,) = struct.unpack_from(header, data, at)
        at += length + around
        if header.startswith("<"):
            at += length % 2  # RIFF pads to even
    raise _too_costly(f"chunks: at most {MAX_PARTS:,} are accepted")


def _too_many_scans(most: int) -> ProblemError:
    return _too_costly(f"scans, each of which goes over the whole picture: at most {most} are accepted at its size")


def _too_costly(found: str) -> ProblemError:
    detail = f"The image has too many {found}. Save it anew with any image editor."
    return ProblemError(problem("image-too-costly", detail))
