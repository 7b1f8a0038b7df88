"""Room for so many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from shared.contracts.problems import ProblemError, problem


class Place:
    """One of `Places`, free again when the last that holds it has let go."""

    def __init__(self, semaphore: threading.BoundedSemaphore) -> None:
        self._semaphore, self._lock, self._holders = semaphore, threading.Lock(), 1

    def keep_until(self, call: Future[Any]) -> None:
        """Hold the place until `call` has ended."""
        with self._lock:
            self._holders += 1
        call.add_done_callback(lambda _: self.let_go())

    def let_go(self) -> None:
        """One holder less."""
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                self._semaphore.release()


class Places:
    """Room for `count` of `what` at once."""

    def __init__(self, count: int, what: str) -> None:
        self.count, self.what = count, what
        self._semaphore = threading.BoundedSemaphore(count)

    @property
    def policy(self) -> str:
        """For a caller, as `RateLimit-Policy` says it (draft-ietf-httpapi-ratelimit-headers-10)."""
        return f'"{self.what}";q={self.count};qu="concurrent-requests"'

    @contextmanager
    def take(self) -> Iterator[Place]:
        """A place for the block, and for what it is kept for; raises `ProblemError` when there is no more room."""
        if not self._semaphore.acquire(blocking=False):
            detail = f"{self.count} {self.what} are running, which is all there may be. Try again soon."
            raise ProblemError(
                problem("too-many-requests", detail), {"Retry-After": "5", "RateLimit-Policy": self.policy}
            )
        place = Place(self._semaphore)
        try:
            yield place
        finally:
            place.let_go()
