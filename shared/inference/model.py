"""A model that is ready to answer, and the engine that serves."""

from __future__ import annotations

from dataclasses import dataclass

from shared import weights
from shared.contracts.card import Card
from shared.inference.engine import Engine


@dataclass(frozen=True)
class Model:
    """A card and the engine that runs its network."""

    card: Card
    engine: Engine


def engine() -> type[Engine]:
    """The engine that serves. Importing it takes most of a cold start, so it is imported here and not above."""
    from shared.inference.torch_engine import TorchEngine

    return TorchEngine


def load_model(card: Card, file: bytes, threads: int | None = None) -> Model:
    """A card's model from a file that the card names; raises `WeightsError` when it is another, or as `Engine.load`."""
    weights.check(card, file, f"the weights' file of {card.name}")
    return Model(card, engine().load(card, file, threads))
