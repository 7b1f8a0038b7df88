"""Odd images, some five hundred, made in a moment and always the same; and mutations of them.

Every kind of pixel that JPEG, PNG and WebP can hold, in every size at an edge of what is taken, turned, tagged, cut,
padded, mislabelled; and files that are no image. What each is stands in its name.
"""

from __future__ import annotations

import random
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

from shared.contracts import limits
from tests.support import photos

SIZES = ((32, 32), (31, 32), (256, 32), (257, 32), (33, 63), (97, 61), (640, 360))
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
}
PROFILE = zlib.compress(bytes(2**20 - 1), 9)
TURNED = b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
"""An EXIF entry: orientation 6."""
EXIF_LOOP = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
CUTS = (0.02, 0.3, 0.6, 0.9, 0.99)


@cache
def corpus() -> dict[str, bytes]:
    """All odd images, by what they are."""
    made = {name: photos.GOOD[name] for name in photos.GOOD} | {name: row[0] for name, row in photos.BAD.items()}
    for kind, modes in MODES.items():
        for mode in modes:
            for size in SIZES:
                made[f"{kind} {mode} {size[0]}x{size[1]}"] = _encoded(kind, mode, size)
    whole = {name: data for name, data in made.items() if name.endswith(("97x61", "640x360"))}
    for name, data in whole.items():
        for cut in CUTS:
            made[f"{name}, cut at {cut:.0%}"] = data[: int(len(data) * cut)]
        made[f"{name}, with a tail"] = data + b"tail" * 1000
        made[f"{name}, twice"] = data + data
        made[f"{name}, without its first byte"] = data[1:]
        made[f"{name}, zeros in its middle"] = data[: len(data) // 2] + bytes(200) + data[len(data) // 2 + 200 :]
    made |= _turned() | _pngs() | _jpegs() | _webps()
    return made


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A file with some bytes changed, gone, doubled or from elsewhere in it."""
    out = bytearray(data)
    for _ in range(rng.choice([1, 2, 4, 16])):
        if not out:
            break
        at, length = rng.randrange(len(out)), rng.choice([1, 2, 4, 64])
        match rng.randrange(5):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                out[at : at + length] = rng.randbytes(length)
            case 2:
                del out[at : at + length]
            case 3:
                out[at:at] = out[at : at + length]
            case _:
                out[at : at + length] = rng.choice([b"\0", b"\xff", b"\x7f"]) * length
    return bytes(out)


def _encoded(kind: str, mode: str, size: tuple[int, int]) -> bytes:
    if mode == "I;16":
        values = np.arange(size[0] * size[1]).reshape(size[1], size[0]).astype(np.uint16)
        return photos.encoded(Image.fromarray(values), kind)
    return photos.encoded(photos.gradient(*size, mode), kind)


def _turned() -> dict[str, bytes]:
    """Every orientation there is and is not."""
    made = {}
    for kind in MODES:
        for orientation in (*range(10), 255, 65535):
            exif = Image.Exif()
            exif[0x0112] = orientation
            made[f"{kind}, orientation {orientation}"] = photos.encoded(photos.gradient(), kind, exif=exif.tobytes())
    for name, exif_bytes in {
        "empty": b"",
        "garbage": b"Exif\0\0garbage",
        "endless": b"Exif\0\0MM\0*\0\0\0\x08" * 50,
    }.items():
        made[f"JPEG, EXIF {name}"] = photos.encoded(photos.gradient(), "JPEG", exif=exif_bytes)
    made["JPEG, profile of zeros"] = photos.encoded(photos.gradient(), "JPEG", icc_profile=bytes(500))
    return made


def _chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
    return (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) if crc is None else crc)
    )


def _png(width: int, height: int, depth: int, colour: int, *chunks: bytes, interlace: int = 0) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _chunk(b"IEND", b"")


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _pngs() -> dict[str, bytes]:
    """PNGs by hand: every depth with every colour type, allowed or not; chunks that lie, are missing, or are many."""
    rows = _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + b"\x55" * 64 * 8 for _ in range(64))))
    made = {}
    for depth in (0, 1, 2, 3, 4, 8, 16, 32):
        for colour in (0, 1, 2, 3, 4, 5, 6, 7):
            made[f"PNG of depth {depth}, colour type {colour}"] = _png(64, 64, depth, colour, rows)
    made |= {
        "PNG, interlaced": _png(64, 64, 8, 2, rows, interlace=1),
        "PNG, interlaced in no known way": _png(64, 64, 8, 2, rows, interlace=9),
        "PNG, no pixels": _png(64, 64, 8, 2),
        "PNG, no width": _png(0, 64, 8, 2, rows),
        "PNG, wider than there are numbers": _png(2**31 - 1, 2**31 - 1, 8, 2, rows),
        "PNG, as many pixels as are taken": _png(10000, limits.MAX_PIXELS // 10000, 8, 0, rows),
        "PNG, wrong checksum": _png(64, 64, 8, 2, _chunk(b"IDAT", b"x", crc=0)),
        "PNG, pixels that are not deflated": _png(64, 64, 8, 2, _chunk(b"IDAT", b"not zlib at all")),
        "PNG, pixels that inflate for ever": _png(64, 64, 8, 2, _chunk(b"IDAT", zlib.compress(bytes(30_000_000)))),
        "PNG, palette too long": _png(64, 64, 8, 3, _chunk(b"PLTE", bytes(3 * 300)), rows),
        "PNG, palette not by threes": _png(64, 64, 8, 3, _chunk(b"PLTE", bytes(100)), rows),
        "PNG, palette after its pixels": _png(64, 64, 8, 3, rows, _chunk(b"PLTE", bytes(768))),
        "PNG, transparency too long": _png(64, 64, 8, 2, _chunk(b"tRNS", bytes(999)), rows),
        "PNG, text that inflates": _png(
            64, 64, 8, 2, _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(30_000_000))), rows
        ),
        "PNG, many colour profiles": _png(64, 64, 8, 2, _chunk(b"iCCP", b"p\0\0" + PROFILE) * 2000, rows),
        "PNG, a colour profile that inflates": _png(64, 64, 8, 2, _chunk(b"iCCP", b"p\0\0" + PROFILE * 9), rows),
        "PNG, many texts that are corrupt when unpacked": _png(
            64, 64, 8, 2, _chunk(b"zTXt", b"k\0\0" + PROFILE[:-1] + b"\0") * 2000, rows
        ),
        "PNG, a profile of 30 MB": _png(
            64, 64, 8, 2, _chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(30_000_000))), rows
        ),
        "PNG, EXIF that leads to itself": _png(64, 64, 8, 2, _chunk(b"eXIf", EXIF_LOOP), rows),
        "PNG, EXIF of 65,535 entries": _png(
            64, 64, 8, 2, _chunk(b"eXIf", b"II*\0\x08\0\0\0\xff\xff" + TURNED * 65_535), rows
        ),
        "PNG, empty deflated blocks": _png(64, 64, 8, 2, _chunk(b"IDAT", b"x\x9c" + b"\0\0\0\xff\xff" * 500_000)),
        "PNG, pixels a byte at a time": _png(
            64, 64, 8, 2, *[_chunk(b"IDAT", bytes([b])) for b in zlib.compress(bytes(12_352))]
        ),
        "PNG, animated behind its pixels": _png(64, 64, 8, 2, rows, _chunk(b"acTL", struct.pack(">II", 1000, 0))),
        "PNG, animated for ever": _png(64, 64, 8, 2, _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)), rows),
        "PNG, no light at all": _png(64, 64, 8, 2, _chunk(b"gAMA", bytes(4)), _chunk(b"cHRM", bytes(32)), rows),
        "PNG, many chunks": _png(64, 64, 8, 2, _chunk(b"tEXt", b"k\0v") * 50_000, rows),
        "PNG, a chunk longer than the file": _png(64, 64, 8, 2, struct.pack(">I", 2**31 - 1) + b"tEXt" + b"x"),
        "PNG, animated with no frames": _png(64, 64, 8, 2, _chunk(b"acTL", bytes(8)), rows),
        "PNG, EXIF that is none": _png(64, 64, 8, 2, _chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"), rows),
    }
    return made


def _jpegs() -> dict[str, bytes]:
    """JPEGs by hand: every start of frame, wrong sizes, scans and segments without number."""
    plain = photos.jpeg(128, 96)
    progressive = photos.encoded(photos.gradient(256, 256), "JPEG", progressive=True)
    frame = plain.index(b"\xff\xc0")
    scan = progressive[progressive.rfind(b"\xff\xda") : -2]
    made = {
        f"JPEG, start of frame {n:x}": plain[:frame] + bytes([0xFF, n]) + plain[frame + 2 :] for n in range(0xC0, 0xD0)
    }
    made |= {
        f"JPEG, {width}x{height} by its header alone": plain[: frame + 5]
        + struct.pack(">HH", height, width)
        + plain[frame + 9 :]
        for width, height in ((0, 96), (128, 0), (65535, 65535), (8000, 6000), (129, 97))
    }
    made |= {
        f"JPEG, {count} components": plain[: frame + 9] + bytes([count]) + plain[frame + 10 :]
        for count in (0, 1, 2, 4, 255)
    }
    made |= {
        "JPEG, many scans": progressive[:-2] + scan * 3000 + progressive[-2:],
        "JPEG, many scans behind a reserved marker": progressive[:-2]
        + b"\xff\x02\xff\xff"
        + scan * 150
        + progressive[-2:],
        "JPEG, many empty segments behind an end": plain[:2] + b"\xff\xd9" + b"\xff\xef\0\x02" * 100_000 + plain[2:],
        "JPEG, many empty segments behind an extension": plain[:2]
        + b"\xff\xf0\xff\xff"
        + b"\xff\xef\0\x02" * 100_000
        + plain[2:],
        "JPEG, EXIF in many parts": plain[:2] + _segment(0xE1, b"Exif\0\0" + bytes(200)) * 15_000 + plain[2:],
        "JPEG, many empty segments": plain[:2] + b"\xff\xef\0\x02" * 100_000 + plain[2:],
        "JPEG, junk between segments": plain[:20] + b"\0\xff\0" * 300_000 + plain[20:],
        "JPEG, many tables": plain[:2] + b"\xff\xc4\0\x13\0" + bytes(16) + b"\xff\xc4\0\x13\0" * 10_000 + plain[2:],
        "JPEG, tables of zeros": plain.replace(plain[plain.index(b"\xff\xdb") + 5 :][:64], bytes(64)),
        "JPEG, arithmetic in name": plain[:frame] + b"\xff\xc9" + plain[frame + 2 :],
        "JPEG, 12 bits": plain[: frame + 4] + b"\x0c" + plain[frame + 5 :],
        "JPEG, height told later": plain[: frame + 5] + b"\0\0" + plain[frame + 7 :] + _segment(0xDC, b"\0\x60"),
        "JPEG, subsampled by 0": plain[: frame + 11] + b"\0" + plain[frame + 12 :],
        "JPEG, a restart for each block": photos.encoded(photos.gradient(640, 480), "JPEG", restart_marker_blocks=1),
        "JPEG, restarts out of order": photos.encoded(photos.gradient(640, 480), "JPEG", restart_marker_rows=1).replace(
            b"\xff\xd0", b"\xff\xd5"
        ),
        "JPEG, many restart intervals": plain[:2] + _segment(0xDD, b"\0\1") * 10_000 + plain[2:],
        "JPEG, a profile in 255 parts": plain[:2]
        + b"".join(_segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 255]) + bytes(500)) for n in range(1, 256))
        + plain[2:],
        "JPEG, one part of 255 of a profile": plain[:2]
        + _segment(0xE2, b"ICC_PROFILE\0" + bytes([7, 255]) + bytes(500))
        + plain[2:],
        "JPEG, EXIF that leads to itself": plain[:2] + _segment(0xE1, b"Exif\0\0" + EXIF_LOOP) + plain[2:],
        "JPEG, EXIF of 5,000 entries": plain[:2]
        + _segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x88\x13" + TURNED * 5000)
        + plain[2:],
        "JPEG, pictures at itself": plain[:2]
        + _segment(0xE2, b"MPF\0II*\0\x08\0\0\0\1\0\1\xb0\4\0\1\0\0\0\xff\xff\0\0")
        + plain[2:],
        "JPEG, many Photoshop resources": plain[:2]
        + _segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5400) * 10
        + plain[2:],
        "JPEG, GIF in its comment": plain[:2] + _segment(0xFE, b"GIF89a<script>") + plain[2:],
        "JPEG, PHP behind it": plain + b"<?php system($_GET[0]); ?>",
        "JPEG behind HTML": b"<html>" + plain,
        "JPEG, many fill bytes": plain[:2] + b"\xff" * 1_000_000 + plain[2:],
        "JPEG, no tables": plain[:2] + plain[frame:],
        "JPEG, restart markers": plain[:-2] + b"\xff\xd0\xff\xd1\xff\xd2" * 1000 + plain[-2:],
        "JPEG, a segment of length 0": plain[:2] + b"\xff\xe1\0\0" + plain[2:],
        "JPEG, no end": plain[:-2],
        "JPEG in a JPEG": plain[:2] + b"\xff\xe1" + struct.pack(">H", len(plain) + 2) + plain + plain[2:],
        "JPEG, qualities to 1": photos.encoded(photos.gradient(), "JPEG", quality=1),
    }
    return made


def _webps() -> dict[str, bytes]:
    """WebPs by hand: chunks that lie about their length, sizes that differ, frames that are none."""
    lossy, lossless = (
        photos.encoded(photos.gradient(), "WEBP"),
        photos.encoded(photos.gradient(), "WEBP", lossless=True),
    )
    extended = photos.encoded(photos.gradient(mode="RGBA"), "WEBP", exif=b"Exif\0\0II*\0")
    made = {}
    for name, data in {"lossy": lossy, "lossless": lossless, "extended": extended}.items():
        for length in (0, 1, len(data) * 2, 2**32 - 1):
            made[f"WebP, {name}, {length} bytes by its header"] = data[:4] + struct.pack("<I", length) + data[8:]
            made[f"WebP, {name}, first chunk of {length} bytes"] = data[:16] + struct.pack("<I", length) + data[20:]
        # The last is no chunk of WebP's: RIFF has readers pass over what they do not know, here the picture itself.
        for kind in (b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"JUNK"):
            made[f"WebP, {name}, first chunk {kind.decode().strip()}"] = data[:12] + kind + data[16:]
        made[f"WebP, {name}, all ones after its header"] = data[:20] + b"\xff" * 500
    made["WebP, largest"] = photos.encoded(Image.new("RGBA", (7071, 7071)), "WEBP", lossless=True)
    return made
