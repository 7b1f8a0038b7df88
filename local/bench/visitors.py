"""A load generator: visitors who each send photos one after the other, all at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

PATIENCE_S = 180.0
"""How long a visitor waits for an answer, refusals and new attempts included."""


@dataclass(frozen=True)
class Visit:
    """One photo sent: by whom, how long that visitor waited in ms, how often it was refused for want of room, and
    what went wrong, if anything did.
    """

    visitor: int
    ms: float
    refusals: int
    error: str | None = None


Sends = Callable[[httpx.AsyncClient, bytes], Awaitable[None]]
"""Sends a photo and fetches everything of its answer; raises `httpx.HTTPError`."""


def visit(send: Sends, photo: Callable[[], bytes], visitors: int, each: int) -> tuple[list[Visit], float]:
    """`each` photos of every visitor, and the seconds until the last had its last answer."""
    return asyncio.run(_visit(send, photo, visitors, each))


async def _visit(send: Sends, photo: Callable[[], bytes], visitors: int, each: int) -> tuple[list[Visit], float]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=PATIENCE_S, trust_env=False) as client:

        async def come(visitor: int, photos: list[bytes]) -> list[Visit]:
            return [await _one(client, send, photo, visitor) for photo in photos]

        # Made before: whoever makes one between connecting and sending keeps a server waiting for seconds.
        brought = [[photo() for _ in range(each)] for _ in range(visitors)]
        began = time.perf_counter()
        visits = await asyncio.gather(*map(come, range(visitors), brought))
        return [one for series in visits for one in series], time.perf_counter() - began


async def _one(client: httpx.AsyncClient, send: Sends, photo: bytes, visitor: int) -> Visit:
    """Send a photo, again after as long as a refusal says, as the page does."""
    began, refusals, error = time.perf_counter(), 0, None
    while True:
        try:
            await send(client, photo)
        except httpx.HTTPStatusError as failure:
            if (
                failure.response.status_code == httpx.codes.TOO_MANY_REQUESTS
                and time.perf_counter() - began < PATIENCE_S
            ):
                refusals += 1
                await asyncio.sleep(float(failure.response.headers.get("Retry-After", 1)))
                continue
            error = f"status {failure.response.status_code}"
        except httpx.HTTPError as failure:
            error = type(failure).__name__
        return Visit(visitor, (time.perf_counter() - began) * 1000, refusals, error)


def fairness(visits: list[Visit], visitors: int) -> float:
    """Jain's index of how long visitors waited: 1 when all waited equally long, 1/n when one waited for all."""
    waited = [sum(one.ms for one in visits if one.visitor == visitor) for visitor in range(visitors)]
    return sum(waited) ** 2 / (visitors * sum(ms**2 for ms in waited))
