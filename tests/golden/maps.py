"""What the committed weights answer for the ten samples, made small: `python -m tests.golden.maps` writes it down anew.

To be run, and what it writes committed, when weights, a card's input policy, the inference code or the samples change
on purpose; the pictures are made from the samples on the spot. Each map says which weights and which sample it is of.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from shared.contracts.card import Card
from shared.inference.encode import encode_labels
from shared.inference.model import Model, read_model
from shared.inference.segment import segment
from shared.paths import SAMPLES_DIR
from tests.support.shipped import CARDS

FOLDER = Path(__file__).parent
SHA256 = {
    entry["id"]: entry["sha256"]
    for entry in json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"]
}
"""The SHA-256 of each sample's photo."""
SIZE = (320, 160)


def picture(sample: str) -> bytes:
    """A sample as a small PNG."""
    image = Image.open(SAMPLES_DIR / f"{sample}.jpg").resize(SIZE, Image.Resampling.BOX)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def answer(card: Card, sample: str, engine: str | None = None) -> NDArray[np.uint8]:
    """The label map of the committed files, through the code that serves, by an engine or the one that serves."""
    return np.asarray(Image.open(io.BytesIO(segment(picture(sample), _model(card, engine)).labels_png)))


def _model(card: Card, engine: str | None) -> Model:
    return _read(card.name, card.precision, engine)


@cache
def _read(name: str, precision: str, engine: str | None) -> Model:
    return read_model(replace(CARDS[name], precision=precision), name=engine)


def golden(card: Card, sample: str) -> Path:
    """Where an answer is written down."""
    return FOLDER / f"{card.name}.{sample}.png"


def write_down(card: Card, sample: str) -> None:
    """Make PyTorch's answer of today the golden one: every engine is held to it."""
    note = PngImagePlugin.PngInfo()
    note.add_text("weights", card.weights_sha256 or "")
    note.add_text("sample", SHA256[sample])
    Image.open(io.BytesIO(encode_labels(answer(card, sample, "torch")))).save(golden(card, sample), pnginfo=note)


if __name__ == "__main__":
    for card in CARDS.values():
        for sample in SHA256:
            write_down(card, sample)
            print(golden(card, sample))
