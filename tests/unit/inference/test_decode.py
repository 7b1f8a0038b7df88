"""Photos of every kind, and bytes that are none."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from shared.contracts.problems import ProblemError
from shared.inference.decode import decode, open_image, upright_size

SIZE = (96, 64)


def gradient(mode: str = "RGB") -> Image.Image:
    """Dark at the left, bright at the right."""
    ramp = np.tile(np.linspace(0, 255, SIZE[0]).astype(np.uint8), (SIZE[1], 1))
    return Image.fromarray(ramp).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def brightness(image: Image.Image) -> tuple[float, float]:
    """Of the left and right quarters."""
    pixels = np.asarray(image.convert("L"), float)
    return float(pixels[:, : SIZE[0] // 4].mean()), float(pixels[:, -SIZE[0] // 4 :].mean())


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"),
        ("RGB", "PNG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"),
        ("RGB", "WEBP"), ("RGBA", "WEBP"),
    ],
)  # fmt: skip
def test_every_mode_becomes_rgb_that_looks_the_same(mode, kind):
    image = decode(encoded(gradient(mode), kind), 96)
    assert image.mode == "RGB"
    assert image.size == SIZE
    dark, bright = brightness(image)
    assert dark < 60
    assert bright > 190


def test_sixteen_bits_are_scaled_and_not_clipped():
    ramp = np.tile(np.linspace(0, 65535, SIZE[0]).astype(np.uint16), (SIZE[1], 1))
    dark, bright = brightness(decode(encoded(Image.fromarray(ramp), "PNG"), 96))
    assert dark == pytest.approx(31, abs=4)
    assert bright == pytest.approx(223, abs=4)


def test_transparency_is_laid_over_white():
    clear = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    assert np.asarray(decode(encoded(clear, "PNG"), 96)).min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_comes_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = encoded(gradient(), "JPEG", exif=exif)
    expected = SIZE if orientation < 5 else SIZE[::-1]
    assert upright_size(open_image(photo)) == expected
    assert decode(photo, 96).size == expected


def test_a_colour_profile_is_applied_and_a_broken_one_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for data in (profile, b"no profile at all"):
        image = decode(encoded(gradient(), "JPEG", icc_profile=data), 96)
        assert brightness(image)[1] > 190


def test_a_large_jpeg_is_decoded_no_larger_than_needed():
    large = encoded(Image.new("RGB", (4000, 3000), "gray"), "JPEG")
    assert decode(large, 1000).size == (1000, 750)
    assert decode(large, 1001).size == (2000, 1500), "never below what is needed"
    sideways = Image.Exif()
    sideways[0x0112] = 6
    assert decode(encoded(Image.new("RGB", (4000, 3000)), "JPEG", exif=sideways), 1000).size == (750, 1000)


def png_header(width: int, height: int) -> bytes:
    """A PNG that ends before its pixels."""
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + ihdr + struct.pack(">I", zlib.crc32(ihdr))


@pytest.mark.parametrize("size", [(10_000, 5_001), (31, 100), (100, 31), (801, 100), (50_000, 50_000)])
def test_dimensions_out_of_range_are_found_in_the_header(size):
    idat = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(ProblemError) as error:
        open_image(png_header(*size) + idat)
    assert error.value.problem.kind in {"image-dimensions", "image-undecodable"}
    assert error.value.problem.status == 422


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_photo_is_refused(kind):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8))
    photo = encoded(noise, kind)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(ProblemError) as error:
            decode(photo[: int(len(photo) * share)], 96)
        assert error.value.problem.kind == "image-undecodable"


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", bytes(1000)])
def test_bytes_that_are_no_photo_are_refused(data):
    with pytest.raises(ProblemError) as error:
        decode(data, 96)
    assert error.value.problem.status == 422


def test_random_damage_never_raises_anything_else():
    rng = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "WEBP"):
        photo = np.frombuffer(encoded(gradient(), kind), np.uint8)
        for _ in range(60):
            broken = photo.copy()
            broken[rng.integers(0, len(broken), 8)] = rng.integers(0, 256, 8)
            with contextlib.suppress(ProblemError):
                assert decode(broken.tobytes(), 96).mode == "RGB"
