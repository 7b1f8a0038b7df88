"""A model's two maps as one object, a ZIP that holds them as they are: one request to write or read, not two."""

from __future__ import annotations

import io
import struct
import zipfile

LABELS = "labels.png"
CONFIDENCE = "confidence.png"
MEDIA_TYPE = "application/zip"
MOST_DIRECTORY = 1024
"""Bytes of the directory of a file: two names take 114."""
_END = struct.Struct("<4s8xL4xH")
_LARGE_END = b"PK\6\7"
"""What stands 20 bytes before the end where another one, of ZIP64, counts instead."""


class MapsFileError(Exception):
    """Bytes are not a file of maps, or lack one."""


def pack(labels: bytes, confidence: bytes) -> bytes:
    """The file of two PNGs; the same bytes for the same maps."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr(zipfile.ZipInfo(LABELS), labels)
        file.writestr(zipfile.ZipInfo(CONFIDENCE), confidence)
    return out.getvalue()


def unpack(body: bytes, name: str) -> bytes:
    """One of a file's maps, `LABELS` or `CONFIDENCE`.

    Raises `MapsFileError`: a model that was broken may have written anything. What is compressed is not taken, so that
    nothing is larger than the file that it came in; nor is a directory of more than two names, which may take longer to
    read than any map.
    """
    try:
        kind, directory, comment = _END.unpack(body[-_END.size :])
        if kind != b"PK\5\6" or directory > MOST_DIRECTORY or comment or body[-42:-38] == _LARGE_END:
            raise MapsFileError("its end is not that of two maps")
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            if file.getinfo(name).compress_type != zipfile.ZIP_STORED:
                raise MapsFileError(f"{name} is compressed")
            return file.read(name)
    except (MemoryError, MapsFileError):
        raise
    except Exception as error:  # what is no such file is found out in many ways
        raise MapsFileError(f"no file of maps: {error}") from error
