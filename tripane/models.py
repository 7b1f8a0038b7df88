"""The models there are on this machine, and how they are made ready to answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared import weights
from shared.contracts.card import Card, load_cards
from shared.inference.engine import NetworkError
from shared.inference.model import Model, load_model
from tripane.errors import UsageError


def choose(names: Sequence[str] = ()) -> dict[str, Card]:
    """The cards of the models named, in that order, or of all; raises `UsageError` for one that is not there."""
    cards = load_cards()
    if unknown := [name for name in names if name not in cards]:
        raise UsageError(f"There is no model {unknown[0]!r}; there are: {', '.join(cards)}.")
    return {name: cards[name] for name in names or cards}


def load(cards: Iterable[Card], threads: int | None = None) -> list[Model]:
    """Models ready to answer on `threads` threads each; raises `UsageError` when a file is missing or another."""
    try:
        return [load_model(card, weights.read(card), threads) for card in cards]
    except (weights.WeightsError, NetworkError) as error:
        raise UsageError(str(error)) from error
