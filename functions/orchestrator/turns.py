"""Limits the calls of one model at a time, and serves callers in turn: one who asks for much waits for his own calls.

On AWS every call has an environment of its own and nobody waits. On a laptop each model does one photo at a time, and
waiting for it is not the model's time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurnError(Exception):
    """The turn did not come in time."""


class Turns:
    """Room for `count` calls at once; None for any number."""

    def __init__(self, count: int | None) -> None:
        self._free = float("inf") if count is None else count
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[threading.Event]] = OrderedDict()

    @contextmanager
    def take(self, caller: str, patience_s: float) -> Iterator[None]:
        """A turn for the block; raises `NoTurnError` when there is none after `patience_s`."""
        turn = self._queue(caller)
        if not turn.wait(patience_s):
            self._leave(caller, turn)
        try:
            yield
        finally:
            self._pass_on()

    def _queue(self, caller: str) -> threading.Event:
        turn = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set()
            else:
                self._waiting.setdefault(caller, deque()).append(turn)
        return turn

    def _leave(self, caller: str, turn: threading.Event) -> None:
        with self._lock:
            if turn.is_set():  # it came at the last moment
                return
            self._waiting[caller].remove(turn)
            if not self._waiting[caller]:
                del self._waiting[caller]
        raise NoTurnError

    def _pass_on(self) -> None:
        """Give the turn to the caller who has waited longest since the last one."""
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            caller, turns = self._waiting.popitem(last=False)
            turns.popleft().set()
            if turns:
                self._waiting[caller] = turns
