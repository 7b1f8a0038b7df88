"""The models on this machine, and how they are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from shared.contracts.card import Card, load_card
from shared.inference.engine import NetworkError
from shared.inference.model import Model, read_model, served_file
from shared.model_files import ModelFileError
from tripane import job, stressing
from tripane.errors import UsageError
from tripane.job import Ask
from tripane.own import homes
from tripane.own.homes import Home

Item = TypeVar("Item")


@dataclass(frozen=True)
class Available:
    """A model that can be asked, here or elsewhere: what a report says about it."""

    title: str
    version: str


@dataclass(frozen=True)
class Local:
    """A model on this machine, and where its files are."""

    card: Card
    home: Home

    @property
    def file(self) -> Path:
        """The network that is run."""
        return served_file(self.card).path(self.home.assets)

    def read(self, threads: int | None = None) -> Model:
        """Ready to answer; raises `UsageError` when its file is missing or another."""
        try:
            return read_model(self.card, self.home.assets, threads)
        except (ModelFileError, NetworkError) as error:
            raise UsageError(str(error)) from error


def choose(names: Sequence[str], there: Mapping[str, Item], hint: str = "") -> dict[str, Item]:
    """What is named of what is there, in that order, or all; raises `UsageError` for what is not there, with `hint`."""
    if unknown := [name for name in names if name not in there]:
        raise UsageError(f"There is no model {unknown[0]!r}; there are: {', '.join(there)}.{hint}")
    return {name: there[name] for name in names or there}


def local(names: Sequence[str] = (), models_dir: Path | None = None) -> dict[str, Local]:
    """The named models on this machine, or all, the user's own among them; raises like `choose`."""
    found = homes.places(models_dir)
    there = {name: Local(load_card(found[name].models / name), found[name]) for name in sorted(found)}
    looked = f" Your own are looked for in {homes.own(models_dir).models}, or where --models-dir says."
    return choose(names, there, looked)


def check(models: Iterable[Local]) -> None:
    """Raise `UsageError` unless every model's file is there and whole: before processes are started that want it."""
    try:
        for model in models:
            served_file(model.card).read(model.home.assets)
    except ModelFileError as error:
        raise UsageError(str(error)) from error


def load(models: Iterable[Local], threads: int | None = None) -> list[Model]:
    """Models ready to answer on `threads` threads each; raises `UsageError`."""
    return [model.read(threads) for model in models]


def ready(
    names: Sequence[str], threads: int | None = None, models_dir: Path | None = None, stressed: bool = False
) -> Ask:
    """What asks these models in this process, for the photo made worse too if it is `stressed`; raises like `local` and
    `load`.
    """
    asks = stressing.ask if stressed else job.ask
    return partial(asks, load(local(names, models_dir).values(), threads))
