"""The files of a model outside its folder: what training wrote and what is served, each held to its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared import storage
from shared.contracts.card import Card
from shared.paths import ASSETS_DIR


class ModelFileError(Exception):
    """A file is missing, or is not the one that the card names."""


@dataclass(frozen=True)
class ModelFile:
    """One file: its place in the folder of assets, and what the card of `model` says of it."""

    model: str
    place: str
    sha256: str
    remedy: str
    """How it is made."""

    @property
    def key(self) -> str:
        """Its key in the data bucket."""
        return storage.model_file_key(self.model, self.sha256, Path(self.place).suffix)

    def path(self, assets: Path = ASSETS_DIR) -> Path:
        """Its path on disk."""
        return assets / self.place

    def check(self, content: bytes, source: str) -> None:
        """Hold what comes from `source` to the card's SHA-256; raises `ModelFileError`."""
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelFileError(
                f"{source} has SHA-256 {found}; the card of {self.model} names another: {self.sha256}. Check both out "
                f"from git, or make it anew: `{self.remedy}`."
            )

    def read(self, assets: Path = ASSETS_DIR) -> bytes:
        """The content, checked; raises `ModelFileError` saying how to get it."""
        path = self.path(assets)
        if not path.is_file():
            raise ModelFileError(f"{path} is missing: check it out from git, or make it with `{self.remedy}`.")
        content = path.read_bytes()
        self.check(content, str(path))
        return content


def weights(card: Card) -> ModelFile:
    """What training wrote, and PyTorch loads; raises `ModelFileError` for a user's own network."""
    if card.weights_sha256 is None:
        raise ModelFileError(f"{card.name} was brought as an ONNX file: there are no weights for PyTorch.")
    return ModelFile(
        card.name, f"weights/{card.name}.safetensors", card.weights_sha256, f"make train MODEL={card.name}"
    )


def network(card: Card, precision: str | None = None) -> ModelFile:
    """The ONNX file of a precision, "float32" or "int8"; None: of the one that the card has served."""
    precision = precision or card.precision
    place = network_place(card.name, precision)
    remedy = f"tripane add MODEL.onnx --name {card.name}" if card.graph else f"make export MODEL={card.name}"
    return ModelFile(card.name, place, card.networks_sha256[precision], remedy)


def network_place(model: str, precision: str) -> str:
    """Where a model's ONNX file lies in the folder of assets."""
    return f"networks/{model}{'.int8' if precision == 'int8' else ''}.onnx"


def all_of(card: Card) -> Iterator[ModelFile]:
    """Every file that the card names."""
    if card.weights_sha256:
        yield weights(card)
    for precision in card.networks_sha256:
        yield network(card, precision)
