"""What endpoints work with, as `create_app` has put it together."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import Depends, Request

from functions.orchestrator.comparison import Comparisons
from functions.orchestrator.store import Store


class Places:
    """Room for `count` comparisons at once."""

    def __init__(self, count: int) -> None:
        self.count, self.semaphore = count, threading.BoundedSemaphore(count)


async def _comparisons(request: Request) -> Comparisons:
    comparisons: Comparisons = request.app.state.comparisons
    return comparisons


async def _places(request: Request) -> Places:
    places: Places = request.app.state.places
    return places


async def _store(request: Request) -> Store:
    return (await _comparisons(request)).store


TheComparisons = Annotated[Comparisons, Depends(_comparisons)]
ThePlaces = Annotated[Places, Depends(_places)]
TheStore = Annotated[Store, Depends(_store)]
