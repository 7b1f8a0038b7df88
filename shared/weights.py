"""A model's weights as they lie on disk, held to the SHA-256 that its card names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from shared.contracts.card import Card
from shared.paths import WEIGHTS_DIR


class WeightsError(Exception):
    """Weights are missing, or are not the ones the card names."""


def path(card: Card, folder: Path = WEIGHTS_DIR) -> Path:
    """Where a model's weights lie in `folder`."""
    return folder / f"{card.name}.safetensors"


def check(card: Card, weights: bytes, source: str) -> None:
    """Hold weights, which are from `source`, to the card's SHA-256; raises `WeightsError`."""
    found = hashlib.sha256(weights).hexdigest()
    if found != card.weights_sha256:
        raise WeightsError(
            f"{source} has SHA-256 {found}; {card.folder / 'card.json'} names another: {card.weights_sha256}."
        )


def read(card: Card, folder: Path = WEIGHTS_DIR) -> bytes:
    """A model's weights, checked; raises `WeightsError` saying how to get them."""
    file = path(card, folder)
    if not file.is_file():
        remedy = f"check it out from git, or train it with `make train MODEL={card.name}`"
        raise WeightsError(f"{file} is missing: {remedy}.")
    weights = file.read_bytes()
    check(card, weights, str(file))
    return weights
