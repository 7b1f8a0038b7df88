"""Masks to look at: a row a photo, with what every served model makes of it, and the truth where there is one.

python -m training.grid --data ../shared/data/labelmefacade --split held-out --out grid.png
python -m training.grid --photos assets/samples/*.jpg --out grid.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASSES
from shared.inference.postprocess import postprocess
from shared.inference.preprocess import input_size, preprocess
from training import datasets, networks
from training.evaluate import SPLITS, served

CELL = (360, 240)
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


def answer(model: str, photo: Image.Image) -> NDArray[np.uint8]:
    """A served model's label map at the photo's size."""
    card, network = served(model)
    with torch.inference_mode():
        coarse = network.coarse(preprocess(photo, input_size(*photo.size, card.input), card.input))  # type: ignore[operator]
        return postprocess(coarse, photo.size, card.temperature)[0]


def draw(rows: list[list[Image.Image]]) -> Image.Image:
    """Pictures in a grid, each fitted into its cell."""
    sheet = Image.new("RGB", (CELL[0] * len(rows[0]), CELL[1] * len(rows)), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            picture.thumbnail(CELL)
            sheet.paste(picture, (CELL[0] * x, CELL[1] * y))
    return sheet


def main() -> None:
    """Parse the command line, segment, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="a data set's folder")
    source.add_argument("--photos", type=Path, nargs="+")
    parser.add_argument("--split", choices=SPLITS, default="all")
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    rows = []
    if arguments.data:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        for example in data.examples[:: max(1, len(data) // ROWS)][:ROWS]:
            photo = Image.fromarray(example.image)
            masks = [answer(model, photo) for model in arguments.models]
            maps = [truth_ids(example.label, data.mostly), *masks]
            rows.append([photo, *(over(photo, labels) for labels in maps)])
    else:
        for path in arguments.photos:
            photo = Image.open(path).convert("RGB")
            rows.append([photo, *(over(photo, answer(model, photo)) for model in arguments.models)])
    draw(rows).save(arguments.out)


if __name__ == "__main__":
    main()
