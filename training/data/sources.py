"""What the public repositories hold, and how their photos and labels become ours."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.data.suspect import suspect

IGNORE = 255
CAMVID_VOID = 11
SUSPECT = 9  # LabelMeFacade: an id of our own
LONG_SIDE = 512  # px, LabelMeFacade
COLOURS = (  # LabelMeFacade: of ids 0 to 8, in the order of its README
    (0, 0, 0),
    (128, 0, 0),
    (128, 0, 128),
    (128, 128, 0),
    (128, 128, 128),
    (128, 64, 0),
    (0, 128, 128),
    (0, 128, 0),
    (0, 0, 128),
)

Ids = NDArray[np.uint8]


@dataclass(frozen=True)
class Source:
    """One repository: the paths of a split's photo and its labels, and what becomes of the bytes of the two.

    `convert` returns a JPEG file and H×W ids as stored.
    """

    paths: Callable[[str, str], tuple[str, str]]
    convert: Callable[[bytes, bytes], tuple[bytes, Ids]]


def _camvid_paths(split: str, name: str) -> tuple[str, str]:
    return f"CamVid/{split}/{name}.png", f"CamVid/{split}annot/{name}.png"


def _camvid(photo: bytes, labels: bytes) -> tuple[bytes, Ids]:
    ids = np.array(_image(labels))
    ids[ids == CAMVID_VOID] = IGNORE
    return _jpeg(_image(photo).convert("RGB"), quality=95, subsampling="4:4:4"), ids


def _facade_paths(split: str, name: str) -> tuple[str, str]:
    return f"images/{name}.jpg", f"labels/{name}.png"


def _facade(photo: bytes, labels: bytes) -> tuple[bytes, Ids]:
    image, painted = _image(photo).convert("RGB"), np.array(_image(labels).convert("RGB"))
    ids = np.full(painted.shape[:2], IGNORE, np.uint8)
    for number, colour in enumerate(COLOURS):
        ids[(painted == colour).all(-1)] = number
    ids[suspect(np.asarray(image), ids)] = SUSPECT
    scale = LONG_SIDE / max(image.size)
    if scale < 1:
        size = (round(image.width * scale), round(image.height * scale))
        image = image.resize(size, Image.Resampling.LANCZOS)
        ids = np.array(Image.fromarray(ids).resize(size, Image.Resampling.NEAREST))
    return _jpeg(image, quality=90, subsampling="4:2:0"), ids


def _idd_lite_paths(split: str, name: str) -> tuple[str, str]:
    """Paths in the source's training part, whatever we call the split: `100_178149` is frame 178149 of drive 100."""
    place = "train/" + name.replace("_", "/", 1)
    return f"idd20k_lite/leftImg8bit/{place}_image.jpg", f"idd20k_lite/gtFine/{place}_label.png"


def _idd_lite(photo: bytes, labels: bytes) -> tuple[bytes, Ids]:
    return photo, np.array(_image(labels))


def _image(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _jpeg(image: Image.Image, quality: int, subsampling: str) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=subsampling, progressive=True)
    return file.getvalue()


SOURCES = {
    "camvid": Source(_camvid_paths, _camvid),
    "labelmefacade": Source(_facade_paths, _facade),
    "iddlite": Source(_idd_lite_paths, _idd_lite),
}
