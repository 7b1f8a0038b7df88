"""What the page lets the browser decode, held to `shared.decoding_cost` on every odd image and its mutations."""

from __future__ import annotations

import io
import random
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared import decoding_cost
from shared.contracts import limits
from shared.contracts.problems import ProblemError
from shared.inference.decode import open_image
from shared.paths import PAGE_DIR
from tests.reliability.corpus import corpus, mutated
from tests.support import photos
from tests.support.node import node
from tests.support.twins import Twins

pytestmark = pytest.mark.skipif(node() is None, reason="the page's modules are run by node, which is not here")
LIMITS = {"max_pixels": limits.MAX_PIXELS, "min_side": limits.MIN_SIDE, "max_aspect": limits.MAX_ASPECT}
MUTATIONS = 3


def unfitness(images: dict[str, bytes], folder: Path) -> dict[str, str]:
    """What the page says of each, empty where it has it decoded."""
    twins = Twins(folder)
    for data in images.values():
        twins.ask("photo/prepare.js", "unfitness", [twins.array(np.frombuffer(data, np.uint8)), LIMITS])
    return dict(zip(images, (bytes(answer).decode() for answer in twins.answers()), strict=True))


def verdict(data: bytes) -> str | None:
    """What a model's checks before decoding say: the kind of problem, None where they let the photo through."""
    try:
        open_image(data)
    except ProblemError as error:
        return error.problem.kind
    return None


def test_the_page_lets_through_what_a_model_does_and_refuses_what_costs_too_much(tmp_path: Path):
    rng = random.Random(33)
    images = dict(corpus())
    for name, data in corpus().items():
        if len(data) < 100_000:
            images |= {f"{name}, mutation {at}": mutated(data, rng) for at in range(MUTATIONS)}
    said = unfitness(images, tmp_path)
    expected = {name: verdict(data) for name, data in images.items()}
    # What Pillow finds out by unpacking is told by no walk over the bytes.
    unpacked = {name for name in images if "inflates" in name or "of 30 MB" in name}
    wrong = [
        (name, expected[name], said[name])
        for name in images
        if name not in unpacked
        and ((expected[name] is None and said[name]) or (expected[name] == "image-too-costly" and not said[name]))
    ]
    assert not wrong
    assert sum(kind == "image-too-costly" for kind in expected.values()) > 5
    assert sum(kind is None for kind in expected.values()) > 500


LARGE = (8000, 6251)  # px: over the limit by a row


def _jpeg(width: int, height: int, **options: object) -> bytes:
    """A JPEG that says it is as large as that."""
    data = photos.encoded(photos.gradient(64, 64), "JPEG", **options)
    frame = re.search(rb"\xff[\xc0\xc2]\0\x11\x08", data)
    assert frame
    return data[: frame.end()] + struct.pack(">HH", height, width) + data[frame.end() + 4 :]


def _webp(width: int, height: int, alpha: bool = False, **options: object) -> bytes:
    """A WebP that says it is as large as that, wherever it says so."""
    out = io.BytesIO()
    Image.new("RGBA" if alpha else "RGB", (64, 64)).save(out, "WEBP", **options)
    data = bytearray(out.getvalue())
    if data[12:16] == b"VP8L":
        data[21:25] = struct.pack("<I", (width - 1) | (height - 1) << 14)
        return bytes(data)
    if data[12:16] == b"VP8X":
        data[24:30] = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    at = data.index(b"\x9d\x01\x2a") + 3  # what a frame of pixels begins with
    data[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def _gif(width: int, height: int, frame: tuple[int, int] | None = None) -> bytes:
    data = photos.animated("GIF")
    data = data[:6] + struct.pack("<HH", width, height) + data[10:]
    if frame:
        at = data.index(b"\x2c\0\0\0\0")
        data = data[: at + 5] + struct.pack("<HH", *frame) + data[at + 9 :]
    return data


def _bmp(width: int, height: int) -> bytes:
    data = photos.encoded(photos.gradient(64, 64), "BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def _avif(*sizes: tuple[int, int], brand: bytes = b"avif") -> bytes:
    boxes = b"".join(struct.pack(">I4sIII", 20, b"ispe", 0, *size) for size in sizes)
    return struct.pack(">I4s4sI", 20, b"ftyp", brand, 0) + b"mif1" + boxes + bytes(100)


TOO_LARGE = {
    "JPEG": _jpeg(*LARGE),
    "progressive JPEG": _jpeg(*LARGE, progressive=True),
    "PNG": photos.png_header(*LARGE),
    "a PNG of one colour, whole": photos.encoded(Image.new("1", (20_000, 20_000)), "PNG"),
    "WebP": _webp(*LARGE, quality=1, method=0),
    "lossless WebP": _webp(*LARGE, lossless=True, quality=1, method=0),
    "WebP with alpha": _webp(*LARGE, alpha=True, quality=1, method=0, exif=b"Exif\0\0II*\0"),
    "GIF": _gif(*LARGE),
    "GIF whose frame is larger than its screen": _gif(64, 64, frame=LARGE),
    "GIF that ends before its frame": _gif(*LARGE)[:14],
    "WebP that ends before its picture": _webp(*LARGE, alpha=True, quality=1, method=0, exif=b"Exif\0\0II*\0")[:40],
    "BMP": _bmp(*LARGE),
    "BMP from above": _bmp(LARGE[0], -LARGE[1]),
    "AVIF": _avif(LARGE),
    "HEIC of tiles": _avif((512, 512), LARGE, brand=b"heic"),
}
DECODED = {
    "JPEG": _jpeg(8000, 6250),
    "PNG": photos.png_header(8000, 6250),
    "GIF": photos.animated("GIF"),
    "BMP": _bmp(8000, -6250),
    "AVIF": _avif((8000, 6250)),
    "HEIC": _avif((512, 512), (4032, 3024), brand=b"heic"),
}


def test_no_kind_of_picture_is_decoded_that_is_larger_than_the_limit(tmp_path: Path):
    for name, said in unfitness(TOO_LARGE, tmp_path).items():
        assert "at most 50 megapixels" in said, (name, said)


def test_what_is_within_it_is_decoded(tmp_path: Path):
    assert unfitness(DECODED, tmp_path) == dict.fromkeys(DECODED, "")


def test_a_picture_that_hides_its_size_is_not_decoded(tmp_path: Path):
    hidden = {
        "AVIF": _avif(),
        "HEIC": _avif(brand=b"heic"),
        "ICO": b"\0\0\1\0" + bytes(60),
        "TIFF": b"II*\0" + bytes(60),
    }
    assert all(unfitness(hidden, tmp_path).values())


@pytest.mark.parametrize(
    "name", ["MAX_SCANS", "MAX_SCANNED_PIXELS", "MAX_PARTS", "MAX_TEXTS", "MAX_EXIF_PARTS", "MAX_FILL"]
)
def test_the_limits_are_those_of_python(name: str):
    script = (PAGE_DIR / "modules" / "photo" / "cost.js").read_text(encoding="utf-8")
    found = re.search(rf"const {name} = ([\d_]+);", script)
    assert found
    assert int(found[1]) == getattr(decoding_cost, name)


def test_a_file_may_be_as_long_as_for_the_command():
    script = (PAGE_DIR / "modules" / "photo" / "cost.js").read_text(encoding="utf-8")
    assert f"MAX_FILE_BYTES = {limits.MAX_FILE_BYTES // 2**20} * 1024 * 1024;" in script
