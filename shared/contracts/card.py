"""Model cards: what a model is, how it is fed, how good it is. One `card.json` in each folder of `functions/models`.

The schema beside this file is the contract; the tests hold every card to it. At run time a card is read, not validated:
it comes from our own image.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.paths import MODELS_DIR

SCHEMA = Path(__file__).with_name("card.schema.json")
_INFERENCE_DIR = Path(__file__).resolve().parents[1] / "inference"


@dataclass(frozen=True)
class InputPolicy:
    """How a photo is brought to a network: see `shared.inference.pixels`.

    The short side becomes `short_side` px, but a photo is enlarged at most `max_enlargement` times and its long side
    never exceeds `max_long_side` px; both sides are then rounded to a multiple of `multiple` px. Pixel bytes become
    (value - mean) / std.
    """

    short_side: int
    max_enlargement: float
    max_long_side: int
    multiple: int
    mean: float
    std: float


@dataclass(frozen=True)
class Card:
    """One model's card. `document` is the whole of `card.json`, as the API publishes it.

    `networks_sha256` is that of its ONNX file by precision, "float32" or "int8"; the one of `precision` is served.
    """

    name: str
    title: str
    class_name: str
    weights_sha256: str
    networks_sha256: Mapping[str, str]
    precision: str
    temperature: float
    input: InputPolicy
    folder: Path
    document: dict[str, Any] = field(repr=False)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change whenever the answer may: card, weights, network or inference code.

        The card holds the SHA-256 of weights and networks, so they need not be at hand.
        """
        digest = hashlib.sha256()
        sources = sorted(path for path in _INFERENCE_DIR.iterdir() if path.suffix in {".py", ".json"})
        for path in (self.folder / "card.json", self.folder / "network.py", *sources):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:12]


def load_card(folder: Path) -> Card:
    """Read the card of the model in `folder`; the folder's name is the model's."""
    document = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    if document["name"] != folder.name:
        raise ValueError(f"{folder / 'card.json'} names {document['name']!r}; it must be {folder.name!r}")
    return Card(
        name=document["name"],
        title=document["title"],
        class_name=document["class_name"],
        weights_sha256=document["weights"]["sha256"],
        networks_sha256=document["networks"]["sha256"],
        precision=document["networks"]["served"],
        temperature=document["temperature"],
        input=InputPolicy(**document["input"]),
        folder=folder,
        document=document,
    )


def load_cards(models_dir: Path = MODELS_DIR) -> dict[str, Card]:
    """Every model there is, by name, in alphabetical order: adding a model is adding a folder."""
    return {path.parent.name: load_card(path.parent) for path in sorted(models_dir.glob("*/card.json"))}
