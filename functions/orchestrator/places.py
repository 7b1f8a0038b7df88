"""A limited number of slots, shared fairly among callers."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request

from shared.contracts.problems import ProblemError, problem

FIRST_GUESS_S = 5.0
"""How long a slot is assumed to be taken, until one has been released."""
LONGEST_WAIT_S = 60


def caller_of(request: Request) -> str:
    """Who is calling, as far as can be told: address and user agent, and the address that a local proxy adds."""
    address = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "") if address == "127.0.0.1" else ""
    return " ".join((address, forwarded.rpartition(",")[2].strip()[:64], request.headers.get("user-agent", "")[:200]))


class Place:
    """One of `Places`, taken by `caller`, free again when the last that holds it has let go."""

    def __init__(self, places: Places, caller: str) -> None:
        self.caller = caller
        self._places, self._lock, self._holders, self._since = places, threading.Lock(), 1, time.monotonic()

    def keep_until(self, call: Future[Any]) -> None:
        """Hold the place until `call` has ended."""
        with self._lock:
            self._holders += 1
        call.add_done_callback(lambda _: self.let_go())

    def let_go(self) -> None:
        """Note that one holder has let go."""
        with self._lock:
            self._holders -= 1
            if self._holders:
                return
        self._places.give_back(self.caller, time.monotonic() - self._since)


class Places:
    """Room for `count` of `what` at once; the last quarter is for callers who have none."""

    def __init__(self, count: int, what: str) -> None:
        self.count, self.what = count, what
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._taken_for_s = FIRST_GUESS_S
        self._promised_until = 0.0

    @property
    def policy(self) -> str:
        """The header `RateLimit-Policy` for a caller (draft-ietf-httpapi-ratelimit-headers-10)."""
        return f'"{self.what}";q={self.count};qu="concurrent-requests"'

    @contextmanager
    def take(self, caller: str = "") -> Iterator[Place]:
        """A place for the block, and for the calls that keep it; raises `ProblemError` when there is none."""
        with self._lock:
            free = self.count - self._taken.total()
            if free <= (self.count // 4 if self._taken[caller] else 0):
                raise self._full(caller)
            self._taken[caller] += 1
        place = Place(self, caller)
        try:
            yield place
        finally:
            place.let_go()

    def give_back(self, caller: str, taken_for_s: float) -> None:
        """Free one place."""
        with self._lock:
            self._taken[caller] -= 1
            self._taken += Counter()  # forgets who has none
            self._taken_for_s += (taken_for_s - self._taken_for_s) / 8

    def _full(self, caller: str) -> ProblemError:
        """The problem that says when to come back: a time of its own for each caller, as slots come free one by one."""
        now = time.monotonic()
        promised = max(now, self._promised_until) + self._taken_for_s / self.count
        self._promised_until = min(promised, now + LONGEST_WAIT_S)  # whoever asks without end delays nobody for longer
        seconds = max(1, math.ceil(self._promised_until - now))
        mine = f", {self._taken[caller]} of them yours" if self._taken[caller] else ""
        detail = f"{self._taken.total()} {self.what} are running{mine}, which is the limit. Try again soon."
        headers = {"Retry-After": str(seconds), "RateLimit-Policy": self.policy}
        return ProblemError(problem("too-many-requests", detail), headers)
