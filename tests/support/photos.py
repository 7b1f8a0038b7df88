"""Photos made on the fly: good ones in every form that is taken, and bad ones of every kind that is refused."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

WIDTH, HEIGHT = 96, 64


def gradient(width: int = WIDTH, height: int = HEIGHT, mode: str = "RGB") -> Image.Image:
    """A picture with something in it."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=-1).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """A picture's file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = WIDTH, height: int = HEIGHT, seed: int = 0) -> bytes:
    """An ordinary photo; another `seed` makes other bytes."""
    return encoded(gradient(width, height), comment=str(seed).encode())


def animated(kind: str) -> bytes:
    """A film of two frames."""
    first, second = gradient(), gradient().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return encoded(first, kind, save_all=True, append_images=[second], duration=100)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has hardly any pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 64))


def png_with_late_orientation() -> bytes:
    """A PNG that says after its pixels that it lies on its side."""
    plain = encoded(gradient(), "PNG")
    exif = Image.Exif()
    exif[0x0112] = 6
    chunk = _chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    return plain[:-12] + chunk + plain[-12:]


def sideways(kind: str = "JPEG") -> bytes:
    """A photo whose EXIF orientation says that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(gradient(), kind, exif=exif)


def with_profile() -> bytes:
    """A photo with an embedded colour profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(gradient(), "JPEG", icc_profile=profile)


def sixteen_bit() -> bytes:
    """A gray PNG of 16 bits."""
    values = (np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) * 10).astype(np.uint16)
    return encoded(Image.fromarray(values), "PNG")


def multi_picture() -> bytes:
    """A JPEG with a second picture behind the first, as many phones make it."""
    return encoded(gradient(), "MPO", save_all=True, append_images=[gradient(48, 32)])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


GOOD: dict[str, bytes] = {
    "JPEG": jpeg(),
    "progressive JPEG": encoded(gradient(), "JPEG", progressive=True),
    "gray JPEG": encoded(gradient(mode="L"), "JPEG"),
    "CMYK JPEG": encoded(gradient(mode="CMYK"), "JPEG"),
    "JPEG with a profile": with_profile(),
    "JPEG on its side": sideways(),
    "JPEG with a second picture": multi_picture(),
    "PNG": encoded(gradient(), "PNG"),
    "palette PNG": encoded(gradient(mode="P"), "PNG"),
    "PNG with alpha": encoded(gradient(mode="RGBA"), "PNG"),
    "gray PNG with alpha": encoded(gradient(mode="LA"), "PNG"),
    "16-bit PNG": sixteen_bit(),
    "1-bit PNG": encoded(gradient(mode="1"), "PNG"),
    "PNG on its side": sideways("PNG"),
    "PNG that says so late": png_with_late_orientation(),
    "WebP": encoded(gradient(), "WEBP"),
    "lossless WebP with alpha": encoded(gradient(mode="RGBA"), "WEBP", lossless=True),
    "WebP with orientation": sideways("WEBP"),
    "smallest": encoded(gradient(32, 32), "PNG"),
    "longest": encoded(gradient(256, 32), "PNG"),
}
"""Photos that are answered as usual."""
ON_THEIR_SIDE = {name for name in GOOD if "on its side" in name or "late" in name}

BAD: dict[str, tuple[bytes, int, str, str]] = {
    "GIF": (encoded(gradient(mode="P"), "GIF"), 415, "unsupported-media-type", "GIF"),
    "animated GIF": (animated("GIF"), 415, "unsupported-media-type", "GIF"),
    "BMP": (encoded(gradient(), "BMP"), 415, "unsupported-media-type", "BMP"),
    "TIFF": (encoded(gradient(), "TIFF"), 415, "unsupported-media-type", "TIFF"),
    "big-endian TIFF": (b"MM\0*" + bytes(64), 415, "unsupported-media-type", "TIFF"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), 415, "unsupported-media-type", "HEIC"),
    "AVIF": (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + bytes(64), 415, "unsupported-media-type", "AVIF"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, "unsupported-media-type", "SVG"),
    "SVG after a declaration": (b'<?xml version="1.0"?>\n<svg/>', 415, "unsupported-media-type", "SVG"),
    "PDF": (b"%PDF-1.7\n" + bytes(64), 415, "unsupported-media-type", "PDF"),
    "text": (b"This is no photo.", 415, "unsupported-media-type", "not an image"),
    "animated WebP": (animated("WEBP"), 415, "unsupported-media-type", "animated WEBP"),
    "animated PNG": (animated("PNG"), 415, "unsupported-media-type", "animated PNG"),
    "no bytes": (b"", 422, "image-empty", "no bytes"),
    "JPEG signature alone": (b"\xff\xd8\xff\xe0", 422, "image-undecodable", "cannot be decoded"),
    "PNG signature alone": (b"\x89PNG\r\n\x1a\n", 422, "image-undecodable", "cannot be decoded"),
    "WebP header alone": (b"RIFF\x10\0\0\0WEBPVP8 ", 422, "image-undecodable", "cannot be decoded"),
    "JPEG cut in half": (jpeg()[: len(jpeg()) // 2], 422, "image-undecodable", "cannot be decoded"),
    "PNG cut in half": (GOOD["16-bit PNG"][:80], 422, "image-undecodable", "cannot be decoded"),
    "51 megapixels": (png_header(8500, 6000), 422, "image-dimensions", "50 megapixels"),
    "200 megapixels": (png_header(20000, 10000), 422, "image-dimensions", "50 megapixels"),
    "31 px": (encoded(gradient(31, 64), "PNG"), 422, "image-dimensions", "32 px"),
    "9:1": (encoded(gradient(288, 32), "PNG"), 422, "image-dimensions", "8:1"),
    "9:1 upright": (encoded(gradient(32, 288), "PNG"), 422, "image-dimensions", "8:1"),
    "a byte too many": (jpeg() + bytes(4 * 2**20 + 1 - len(jpeg())), 413, "too-large", "4 MiB"),
}
"""Files that are refused: bytes, status, kind of problem, and a word that its detail must say."""
