"""A model's maps as one file: what is one, and what a broken model may write instead."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from shared.maps_file import CONFIDENCE, LABELS, MapsFileError, pack, unpack

WHOLE = pack(b"labels", b"confidence")
NAMES = 2000


def zipped(*names: str, comment: bytes = b"", compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name in names:
            file.writestr(name, bytes(10_000_000) if compression else b"x")
        file.comment = comment
    return out.getvalue()


def of_zip64() -> bytes:
    """The directory of many names is that of ZIP64's end; the usual end tells of a small one."""
    many = zipped(LABELS, *map(str, range(NAMES)))
    size, at = struct.unpack("<2L", many[-10:-2])
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, NAMES + 1, NAMES + 1, size, at)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(many) - 22, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 114, at, 0)
    return many[:-22] + large + locator + end


BROKEN = {
    "nothing": b"",
    "no ZIP": b"x" * 100,
    "half": WHOLE[: len(WHOLE) // 2],
    "without its last byte": WHOLE[:-1],
    "a byte more": WHOLE + b"\0",
    "other names": zipped("a", "b"),
    "one map alone": zipped(CONFIDENCE),
    "many names": zipped(LABELS, *map(str, range(NAMES))),
    "many names by ZIP64": of_zip64(),
    "a comment": zipped(LABELS, CONFIDENCE, comment=b"x" * 60_000),
    "compressed": zipped(LABELS, CONFIDENCE, compression=zipfile.ZIP_DEFLATED),
    "compressed by LZMA": zipped(LABELS, CONFIDENCE, compression=zipfile.ZIP_LZMA),
    "encrypted": WHOLE.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"),
    "a wrong checksum": WHOLE.replace(b"labels", b"LABELS", 1),
    "a directory that is elsewhere": WHOLE[:-6] + struct.pack("<LH", 0xFFFFFF, 0),
}


def test_what_is_packed_is_unpacked():
    assert [unpack(WHOLE, name) for name in (LABELS, CONFIDENCE)] == [b"labels", b"confidence"]
    assert pack(b"labels", b"confidence") == WHOLE


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_file_of_maps_is_found_out(name):
    assert BROKEN[name] != WHOLE
    with pytest.raises(MapsFileError):
        unpack(BROKEN[name], LABELS)


@pytest.mark.parametrize("name", ["many names", "many names by ZIP64", "a comment"])
def test_a_directory_is_not_read_that_is_larger_than_that_of_two_maps(monkeypatch, name):
    monkeypatch.setattr(zipfile, "ZipFile", lambda _: pytest.fail("it was read"))
    with pytest.raises(MapsFileError, match="end is not that of two maps"):
        unpack(BROKEN[name], LABELS)
