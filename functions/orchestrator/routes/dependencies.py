"""What `create_app` hands to the endpoints."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from functions.orchestrator.comparison import Comparisons
from functions.orchestrator.places import Places
from functions.orchestrator.store import Store


async def _comparisons(request: Request) -> Comparisons:
    comparisons: Comparisons = request.app.state.comparisons
    return comparisons


async def _places(request: Request) -> Places:
    places: Places = request.app.state.places
    return places


async def _uploads(request: Request) -> Places:
    uploads: Places = request.app.state.uploads
    return uploads


async def _store(request: Request) -> Store:
    return (await _comparisons(request)).store


TheComparisons = Annotated[Comparisons, Depends(_comparisons)]
ThePlaces = Annotated[Places, Depends(_places)]
TheUploads = Annotated[Places, Depends(_uploads)]
TheStore = Annotated[Store, Depends(_store)]
