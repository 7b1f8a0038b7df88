"""Label maps: read as their mapping says, brought to the result's size, refused with a reason."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tripane.truth import mapping
from tripane.truth.label_map import TruthError, read

OWN = mapping.load("tripane")
CAMVID = mapping.load("camvid")


def test_ids_come_from_gray_and_from_the_indices_of_a_palette(tmp_path):
    ids = np.array([[3, 3, 0], [255, 8, 0]], np.uint8)
    gray, palette = Image.fromarray(ids), Image.fromarray(ids).convert("L")
    palette.putpalette([7, 7, 7] * 256)
    for name, image in (("gray", gray), ("palette", palette), ("wide", Image.fromarray(ids.astype(np.uint16)))):
        image.save(tmp_path / f"{name}.png")
        assert read(tmp_path / f"{name}.png", OWN, (3, 2), (3, 2)).tolist() == ids.tolist()


@pytest.mark.parametrize(("bits", "ids"), [(1, [0, 1]), (2, [0, 1, 2, 3]), (4, [0, 1, 2, 10])])
def test_few_ids_may_share_a_byte(tmp_path, bits, ids):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = int("".join(f"{value:0{bits}b}" for value in ids).ljust(16, "0"), 2).to_bytes(2, "big")
    head = struct.pack(">IIBBBBB", len(ids), 1, bits, 0, 0, 0, 0)  # grey
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" + packed)) + chunk(b"IEND", b"")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    assert read(tmp_path / "a.png", OWN, (len(ids), 1), (len(ids), 1)).tolist() == [ids]


def test_colours_come_from_rgb_rgba_and_palettes(tmp_path):
    colours = np.array([[[128, 64, 128], [0, 0, 0]]], np.uint8)
    image = Image.fromarray(colours)
    for name, form in (("rgb", image), ("rgba", image.convert("RGBA")), ("palette", image.quantize(4))):
        form.save(tmp_path / f"{name}.png")
        assert read(tmp_path / f"{name}.png", CAMVID, (2, 1), (2, 1)).tolist() == [[3, 255]]


def test_another_scale_is_resized_without_mixing(tmp_path):
    Image.fromarray(np.array([[1, 10], [1, 10]], np.uint8)).save(tmp_path / "a.png")
    grown = read(tmp_path / "a.png", OWN, (8, 8), (64, 64))
    assert set(grown.ravel().tolist()) == {1, 10}
    assert grown[:, :4].tolist() == [[1] * 4] * 8


@pytest.mark.parametrize(
    ("image", "labels", "message"),
    [
        (Image.new("L", (30, 40)), OWN, "30 x 40 px; the upright photo is 40 x 30 px, which is another shape"),
        (Image.new("L", (40, 30), 77), OWN, "does not list 77"),
        (Image.new("RGB", (40, 30)), OWN, "holds colours; the mapping .* has ids"),
        (Image.new("L", (40, 30)), CAMVID, "holds ids; the mapping .* has colours"),
    ],
)
def test_a_label_map_that_does_not_fit_says_why(tmp_path, image, labels, message):
    image.save(tmp_path / "a.png")
    with pytest.raises(TruthError, match=message):
        read(tmp_path / "a.png", labels, (40, 30), (40, 30))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_bytes_that_are_no_png_say_so(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(TruthError, match="cannot be read as PNG"):
        read(tmp_path / "a.png", OWN, (40, 30), (40, 30))
