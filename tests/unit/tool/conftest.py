"""Photos of two colours, and models that answer by them in no time."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from shared.paths import ASSETS_DIR
from tests.support import shipped
from tripane.own import homes
from tripane.own.homes import Home


@pytest.fixture(autouse=True)
def alone(tmp_path_factory, monkeypatch):
    """No model of the user's own is there, in this checkout or where $TRIPANE_MODELS says."""
    folder = tmp_path_factory.mktemp("models")
    monkeypatch.setattr(homes, "SHIPPED", Home(shipped.copy(folder / "shipped"), ASSETS_DIR))
    monkeypatch.setenv(homes.VARIABLE, str(folder / "own"))


class Paint:
    """An engine that sees road where a photo is dark and sky where it is bright; `shift` px to the right of it."""

    def __init__(self, shift: int = 0, fails: bool = False) -> None:
        self.shift, self.fails = shift, fails

    @classmethod
    def load(cls, card, file, threads=None):
        return cls()

    def run(self, pixels):
        if self.fails:
            raise MemoryError("no room")
        bright = np.roll(pixels.mean(1, keepdims=True) > 0, self.shift, -1)
        logits = np.zeros((1, len(CLASS_NAMES), *pixels.shape[2:]), np.float32)
        logits[:, 0:1], logits[:, 3:4] = np.where(bright, 6, 0), np.where(bright, 0, 6)
        return logits


def model(name: str, **how) -> Model:
    """A fake under the card of a real model, whose name the table of chances knows."""
    return Model(replace(load_cards()[name], temperature=1.0), Paint(**how))


@pytest.fixture
def models() -> list[Model]:
    return [model("enet"), model("fast_scnn", shift=40), model("swiftnet")]


def photo(path: Path, size: tuple[int, int] = (128, 96)) -> Path:
    """Bright above, dark below."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, size[1] // 2, *size))
    image.paste("black", (0, 0, size[0] // 4, size[1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def label_png(size: tuple[int, int] = (128, 96)) -> bytes:
    """What such a photo shows: sky, road, and a quarter that is building."""
    labels = np.zeros((size[1], size[0]), np.uint8)
    labels[size[1] // 2 :] = 3
    labels[:, : size[0] // 4] = 1
    out = io.BytesIO()
    Image.fromarray(labels).save(out, "PNG")
    return out.getvalue()
