"""The models there are on this machine, and how they are made ready to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from shared.contracts.card import Card, load_cards
from shared.inference.engine import NetworkError
from shared.inference.model import Model, read_model
from shared.model_files import ModelFileError
from tripane import job
from tripane.errors import UsageError
from tripane.job import Ask

Item = TypeVar("Item")


@dataclass(frozen=True)
class Available:
    """A model there is, here or elsewhere: what a report says of it."""

    title: str
    version: str


def local() -> dict[str, Available]:
    """The models of this machine by name."""
    return {name: Available(card.title, card.version) for name, card in load_cards().items()}


def choose(names: Sequence[str], there: Mapping[str, Item]) -> dict[str, Item]:
    """Of what is there, what is named, in that order, or all; raises `UsageError` for what is not there."""
    if unknown := [name for name in names if name not in there]:
        raise UsageError(f"There is no model {unknown[0]!r}; there are: {', '.join(there)}.")
    return {name: there[name] for name in names or there}


def cards(names: Sequence[str] = ()) -> dict[str, Card]:
    """The cards of the models named, or of all; raises like `choose`."""
    return choose(names, load_cards())


def load(cards: Iterable[Card], threads: int | None = None) -> list[Model]:
    """Models ready to answer on `threads` threads each; raises `UsageError` when a file is missing or another."""
    try:
        return [read_model(card, threads=threads) for card in cards]
    except (ModelFileError, NetworkError) as error:
        raise UsageError(str(error)) from error


def ready(names: Sequence[str], threads: int | None = None) -> Ask:
    """What asks these models in this process; raises like `choose` and `load`."""
    return partial(job.ask, load(cards(names).values(), threads))
