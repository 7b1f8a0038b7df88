"""Masks to look at: a row a photo, with the truth and what every served model makes of it.

    python -m training.studies.grid --data data/labelmefacade --split held-out --out grid.png
    python -m training.studies.grid --photos assets/samples/*.jpg --out docs/images/masks.webp

The truth of NAME.jpg is NAME.labels.png beside it, our ids; a photo without one has an empty place there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from shared.contracts.labels import CLASSES
from shared.inference.segment import label
from training.data import datasets
from training.evaluate import SPLITS, UNUSABLE, served
from training.learning import networks

WIDTH = 360  # px of a picture
HEAD = 24  # px of the titles above
ROWS = 8
COLOURS = np.array([label.colour for label in CLASSES] + [(0, 0, 0)] * (256 - len(CLASSES)), np.uint8)
STRENGTH = 0.6


def over(photo: Image.Image, labels: NDArray[np.uint8]) -> Image.Image:
    """A label map in its classes' colours over its photo."""
    return Image.blend(photo, Image.fromarray(COLOURS[labels]), STRENGTH)


def truth_ids(label: NDArray[np.uint8], mostly: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Stored ids as the ids of the classes they mostly mean; 255 for none."""
    bits = mostly[label]
    return np.where(bits > 0, np.log2(np.maximum(bits, 1)), 255).astype(np.uint8)


def draw(titles: list[str], rows: list[list[Image.Image]]) -> Image.Image:
    """Pictures in rows under their titles, all of one width; a row is as high as its first picture."""
    heights = [round(row[0].height * WIDTH / row[0].width) for row in rows]
    sheet = Image.new("RGB", (WIDTH * len(titles), HEAD + sum(heights)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, title in enumerate(titles):
        pen.text((WIDTH * (column + 0.5), HEAD / 2), title, "black", anchor="mm", font_size=14)
    top = HEAD
    for row, height in zip(rows, heights, strict=True):
        for column, picture in enumerate(row):
            sheet.paste(picture.resize((WIDTH, height), Image.Resampling.LANCZOS), (WIDTH * column, top))
        top += height
    return sheet


def pictures(arguments: argparse.Namespace) -> list[tuple[Image.Image, NDArray[np.uint8] | None]]:
    """The photos asked for, each with its truth if it has one."""
    if arguments.data:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        some = data.examples[:: max(1, len(data) // ROWS)][:ROWS]
        return [(Image.fromarray(one.image), truth_ids(one.label, data.mostly)) for one in some]
    read = (datasets.read(path, path.with_suffix(".labels.png")) for path in arguments.photos)
    return [(Image.fromarray(photo), truth) for photo, truth in read]


def main() -> None:
    """Parse the command line, segment, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="a data set's folder")
    source.add_argument("--photos", type=Path, nargs="+")
    parser.add_argument("--split", choices=SPLITS, default="all")
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--out", type=Path, required=True, help="a .png, .webp or .jpg")
    arguments = parser.parse_args()
    try:
        models = [served(name) for name in arguments.models]
        shown = pictures(arguments)
    except UNUSABLE as error:
        parser.error(str(error))
    rows = []
    for photo, truth in shown:
        drawn = over(photo, truth) if truth is not None else Image.new("RGB", photo.size, "white")
        rows.append([photo, drawn, *(over(photo, label(photo, model)) for model in models)])
    draw(["photo", "truth", *(model.card.title for model in models)], rows).save(arguments.out, quality=72)


if __name__ == "__main__":
    main()
