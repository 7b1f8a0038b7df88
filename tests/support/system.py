"""The real system of one machine, served on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.emulator import Emulator
from local.system import started
from tests.support.server import serving_page


@dataclass(frozen=True)
class Tripane:
    """A running system: its address, and the emulated functions by model name."""

    url: str
    emulators: dict[str, Emulator]


@contextmanager
def served(*, containers: bool = False) -> Iterator[Tripane]:
    """The whole local system, as `make run` and `make run CONTAINERS=1` start it; raises what those raise."""
    with started(containers=containers) as (api, emulators), serving_page(api) as url:
        yield Tripane(url, emulators)
