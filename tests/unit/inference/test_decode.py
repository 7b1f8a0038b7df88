"""Photos of every kind, and bytes that are none."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from shared.contracts.problems import ProblemError
from shared.inference.decode import decode, open_image, upright_size
from tests.support.photos import jpeg

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
    """Mean brightness of the left and right quarters."""
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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "MPO"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_comes_upright(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8))
    more = {"save_all": True, "append_images": [gradient()]} if kind == "MPO" else {}
    data = encoded(photo, kind, exif=exif, **more)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert upright_size(open_image(data)) == upright.size
    assert (np.asarray(decode(data, 96)) == np.asarray(upright)).all()
    assert (np.asarray(decode(data)) == np.asarray(upright)).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_webp_stays_as_it_lies(orientation):
    """Chromium and Firefox leave it, too: what the page shows beside the maps would not fit otherwise."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    plain, marked = encoded(gradient(), "WEBP"), encoded(gradient(), "WEBP", exif=exif)
    assert upright_size(open_image(marked)) == SIZE
    assert (np.asarray(decode(marked, 96)) == np.asarray(decode(plain, 96))).all()


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)


def with_xmp(kind: str, **options: object) -> bytes:
    """An upright photo whose XMP says that it lies on its side."""
    if kind != "PNG":
        return encoded(gradient(), kind, xmp=XMP, **options)
    note = PngImagePlugin.PngInfo()
    note.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return encoded(gradient(), kind, pnginfo=note, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_what_xmp_says_of_orientation_is_not_heard(kind):
    photo = with_xmp(kind)
    assert Image.open(io.BytesIO(photo)).getexif()[0x0112] == 6, "Pillow hears it"
    assert upright_size(open_image(photo)) == SIZE
    assert decode(photo, 96).size == SIZE


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exif_is_heard_whatever_xmp_says(kind):
    exif = Image.Exif()
    exif[0x0112] = 3
    photo = with_xmp(kind, exif=exif)
    dark, bright = brightness(decode(photo, 96).rotate(180))
    assert dark < 60
    assert bright > 190


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about these very bytes
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [b"garbage", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\x05\0\x12\x01", b"MM\0", b"MM\0*\0\0\0\x08\0\x01\x01\x12"],
)
def test_broken_metadata_leaves_a_photo_as_it_lies(kind, exif):
    photo = encoded(gradient(), kind, exif=b"Exif\0\0" + exif)
    assert upright_size(open_image(photo)) == SIZE
    assert decode(photo, 96).size == SIZE


def test_metadata_behind_the_pixels_does_not_turn_what_was_measured_before_them():
    text = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + b'<x tiff:Orientation="6"/>'
    late = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    plain = encoded(gradient(), "PNG")
    photo = plain[:-12] + late + plain[-12:]
    assert decode(photo, 96).size == upright_size(open_image(photo))


def test_of_16_bits_the_value_that_stands_for_transparency_is_white_and_no_other():
    out = io.BytesIO()
    Image.fromarray(np.array([[256, 0, 257, 65535]], np.uint16).repeat(32, 0).repeat(8, 1)).save(out, "PNG")
    data = out.getvalue()
    at = data.index(b"IDAT") - 4
    chunk = b"tRNS" + struct.pack(">H", 256)
    data = data[:at] + struct.pack(">I", 2) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[at:]
    assert np.asarray(decode(data, 64))[0, ::8, 0].tolist() == [255, 0, 1, 255]


def test_half_transparency_lets_half_the_white_through():
    veil = Image.new("RGBA", SIZE, (200, 100, 0, 128))
    assert np.asarray(decode(encoded(veil, "PNG"), 96))[0, 0].tolist() == pytest.approx([227, 177, 127], abs=1)


def profile_that_swaps_red_and_blue() -> bytes:
    """sRGB with its primaries exchanged: no photo looks the same without it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = {bytes(profile[at : at + 4]): slice(at + 4, at + 12) for at in range(132, 132 + 12 * count, 12)}
    red, blue = entries[b"rXYZ"], entries[b"bXYZ"]
    profile[red], profile[blue] = profile[blue], profile[red]
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_colour_profile_is_applied(mode):
    red = Image.new("RGB", SIZE, (204, 0, 0)).convert(mode)
    image = decode(encoded(red, "PNG", icc_profile=profile_that_swaps_red_and_blue()), 96)
    assert np.asarray(image)[0, 0].tolist() == pytest.approx([0, 0, 204], abs=2)


@pytest.mark.parametrize(
    ("mode", "profile"), [("RGB", b"no profile at all"), ("CMYK", profile_that_swaps_red_and_blue())]
)
def test_a_colour_profile_that_does_not_fit_is_ignored(mode, profile):
    plain, odd = encoded(gradient(mode), "JPEG"), encoded(gradient(mode), "JPEG", icc_profile=profile)
    assert (np.asarray(decode(odd, 96)) == np.asarray(decode(plain, 96))).all()


def test_a_large_jpeg_is_decoded_no_larger_than_needed():
    large = encoded(Image.new("RGB", (4000, 3000), "gray"), "JPEG")
    assert decode(large, 1000).size == (1000, 750)
    assert decode(large, 1001).size == (2000, 1500), "never below what is needed"
    sideways = Image.Exif()
    sideways[0x0112] = 6
    assert decode(encoded(Image.new("RGB", (4000, 3000)), "JPEG", exif=sideways), 1000).size == (750, 1000)
    pictures = encoded(Image.new("RGB", (4000, 3000)), "MPO", save_all=True, append_images=[gradient()])
    assert decode(pictures, 1000).size == (1000, 750), "a phone's photo with a second picture behind it"


def png_header(width: int, height: int) -> bytes:
    """A PNG that ends before its pixels."""
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + ihdr + struct.pack(">I", zlib.crc32(ihdr))


@pytest.mark.parametrize("size", [(10_000, 5_001), (31, 100), (100, 31), (801, 100), (50_000, 50_000)])
def test_dimensions_out_of_range_are_found_in_the_header(size):
    idat = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(ProblemError) as error:
        open_image(png_header(*size) + idat)
    assert error.value.problem.kind == "image-dimensions"
    assert error.value.problem.status == 422
    assert f"{size[0]} x {size[1]} px" in error.value.problem.detail


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


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_random_damage_never_raises_anything_else():
    rng = np.random.default_rng(0)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    profile = profile_that_swaps_red_and_blue()
    for kind in ("JPEG", "PNG", "WEBP", "MPO"):
        extra = {"save_all": True, "append_images": [gradient()]} if kind == "MPO" else {"icc_profile": profile}
        photo = np.frombuffer(encoded(gradient(), kind, exif=exif, **extra), np.uint8)
        for i in range(150):
            broken = photo.copy()
            reach = 200 if i % 2 else len(broken)  # metadata lie at the front
            broken[rng.integers(0, reach, 4)] = rng.integers(0, 256, 4)
            with contextlib.suppress(ProblemError):
                assert decode(broken.tobytes(), 96).mode == "RGB"


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP")])
def test_fifty_megapixels_decode_in_less_than_half_of_three_gigabytes(tmp_path, mode, kind):
    quickly = {"lossless": True, "method": 0} if kind == "WEBP" else {"compress_level": 1}
    Image.new(mode, (8000, 6250)).save(tmp_path / "large", kind, **quickly)
    code = (
        "import pathlib, sys; from functions.segmenter.process import peak_memory_mb\n"
        "from shared.inference.decode import decode\n"
        "assert decode(pathlib.Path(sys.argv[1]).read_bytes(), 2048).size == (8000, 6250); print(peak_memory_mb())"
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "large"], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 1500


def palette_png_without_palette() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 3, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x7f" * 64) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_whatever_a_decoder_raises_is_the_photos_fault(monkeypatch):
    for error in (AssertionError("no palette"), RecursionError(), ZeroDivisionError(), struct.error()):
        monkeypatch.setattr(Image.Image, "convert", raising(error))
        with pytest.raises(ProblemError) as refused:
            decode(palette_png_without_palette(), 64)
        assert refused.value.problem.kind == "image-undecodable"


def test_want_of_memory_is_not_the_photos_fault(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", raising(MemoryError()))
    with pytest.raises(MemoryError):
        decode(jpeg(), 64)


def raising(error: Exception):
    def fail(*_args, **_options):
        raise error

    return fail


def test_a_palette_png_without_a_palette_is_refused():
    with pytest.raises(ProblemError, match="truncated or corrupt"):
        decode(palette_png_without_palette(), 64)


def test_a_jpeg_that_repeats_its_scans_is_refused_before_it_is_decoded(monkeypatch):
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 128).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    scan = data[data.rfind(b"\xff\xda") : -2]
    monkeypatch.setattr(Image, "open", raising(AssertionError("opened")))
    with pytest.raises(ProblemError) as refused:
        decode(data[:-2] + scan * 200 + data[-2:], 64)
    assert refused.value.problem.kind == "image-too-costly"
