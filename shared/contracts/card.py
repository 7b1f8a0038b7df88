"""Model cards: what a model is, how it is fed, how good it is. One `card.json` in each folder of `functions/models`.

The schema beside this file is the contract, and every card is held to it wherever it is read. It has two forms: one for
our networks, and one for a user's own ONNX file (`tripane add`), whose classes are its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from shared.contracts import schema
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.paths import MODELS_DIR

SCHEMA = Path(__file__).with_name("card.schema.json")
FILE = "card.json"
_INFERENCE_DIR = Path(__file__).resolve().parents[1] / "inference"
_TOLD = 3


class CardError(ValueError):
    """A card does not fit the schema."""


@dataclass(frozen=True)
class InputPolicy:
    """How a photo is brought to a network: see `shared.inference.pixels`.

    The short side becomes `short_side` px, but a photo is enlarged at most `max_enlargement` times and its long side
    never exceeds `max_long_side` px; both sides are then rounded to a multiple of `multiple` px. A network that takes
    one size alone has it in `size`, width and height. Pixel bytes become (value - mean) / std, by channel where those
    are three.
    """

    short_side: int
    max_enlargement: float
    max_long_side: int
    multiple: int
    mean: float | tuple[float, ...]
    std: float | tuple[float, ...]
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Graph:
    """What the graph of a user's own network takes and gives: see `shared.inference.graph`.

    `input` and `output` are names, layouts "NCHW", "NHWC" or "NHW", `type` is of the input, `channels` "RGB" or "BGR".
    It `answers` with "logits" or "probabilities", a number for each class, or with "classes", the winning ones.
    """

    input: str
    layout: str
    type: str
    channels: str
    output: str
    output_layout: str
    answers: str


@dataclass(frozen=True)
class Card:
    """One model's card. `document` is the whole of `card.json`, as the API publishes it.

    `networks_sha256` is that of its ONNX file by precision, "float32" or "int8"; the one of `precision` is served.
    `classes` are its own, by channel; `shared_ids` says which of the shared classes each is compared as: its id, or
    `IGNORE`. `class_weights` are how much a pixel of each counted in training, None where all counted alike;
    `platt_scaling` is the slope and shift of the winner's log odds. A user's own network has a `graph`, and neither a
    class in network.py nor weights.
    """

    name: str
    title: str
    class_name: str | None
    weights_sha256: str | None
    networks_sha256: Mapping[str, str]
    precision: str
    temperature: float
    input: InputPolicy
    folder: Path
    document: dict[str, Any] = field(repr=False)
    classes: tuple[str, ...] = CLASS_NAMES
    shared_ids: tuple[int, ...] = tuple(range(len(CLASS_NAMES)))
    graph: Graph | None = None
    class_weights: tuple[float, ...] | None = None
    platt_scaling: tuple[float, float] | None = None

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change whenever the answer may: card, weights, network or inference code.

        The card holds the SHA-256 of weights and networks, so they need not be at hand.
        """
        digest = hashlib.sha256()
        code = sorted(path for path in _INFERENCE_DIR.iterdir() if path.suffix in {".py", ".json"})
        network = [] if self.graph else [self.folder / "network.py"]
        for path in (self.folder / FILE, *network, *code):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:12]


def load_card(folder: Path) -> Card:
    """Read the card of the model in `folder`; the folder's name is the model's. Raises `CardError`."""
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CardError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CardError(f"{path} is not JSON: {error}.") from error
    if found := list(islice(_faults(document, folder.name), _TOLD)):
        raise CardError(f"{path} is not a card: {'; '.join(found)}.")
    return _card(document, folder)


def load_cards(models_dir: Path = MODELS_DIR) -> dict[str, Card]:
    """All models by name, in alphabetical order: adding a model is adding a folder. Raises `CardError`."""
    return {path.parent.name: load_card(path.parent) for path in sorted(models_dir.glob(f"*/{FILE}"))}


def _faults(document: Any, name: str) -> list[str]:
    """What the schema says, and what it cannot say."""
    found = list(schema.faults(document, _schema()))
    if found:
        return found
    if document["name"] != name:
        found.append(f"name is {document['name']!r}; it must be that of its folder, {name!r}")
    if "graph" not in document:
        if document["classes"] != list(CLASS_NAMES):
            found.append(f"classes must be {', '.join(CLASS_NAMES)}")
    elif len(document["as"]) != len(document["classes"]):
        found.append(f"as has {len(document['as'])} items for {len(document['classes'])} classes")
    elif unknown := [label for label in document["as"] if label not in (*CLASS_NAMES, None)]:
        found.append(f"as names {unknown[0]!r}, which is not one of {', '.join(CLASS_NAMES)}")
    return found


def _card(document: dict[str, Any], folder: Path) -> Card:
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in document["input"].items()}
    common: dict[str, Any] = {
        "name": document["name"],
        "title": document["title"],
        "networks_sha256": document["networks"]["sha256"],
        "precision": document["networks"]["served"],
        "temperature": document["temperature"],
        "class_weights": tuple(document["class_weights"]) if "class_weights" in document else None,
        "platt_scaling": tuple(document["platt_scaling"]) if "platt_scaling" in document else None,
        "input": InputPolicy(**given),
        "folder": folder,
        "document": document,
    }
    if "graph" not in document:
        return Card(**common, class_name=document["class_name"], weights_sha256=document["weights"]["sha256"])
    return Card(
        **common,
        class_name=None,
        weights_sha256=None,
        classes=tuple(document["classes"]),
        shared_ids=tuple(IGNORE if label is None else CLASS_NAMES.index(label) for label in document["as"]),
        graph=Graph(**document["graph"]),
    )


@cache
def _schema() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))
