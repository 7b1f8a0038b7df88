"""Whether all that a comparison needs is available, as far as this process can know."""

from __future__ import annotations

import time
from collections.abc import Callable

from functions.orchestrator.schemas import ProblemDocument

REMEMBERED_S = 300.0


class LastCalls:
    """How the last call of each model ended.

    That a function can be invoked says little: whether it hangs, or cannot start for want of its network's file, only
    its calls tell.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, tuple[float, str]] = {}

    def note(self, model: str, failure: ProblemDocument | None) -> None:
        """Remember how a call ended; problems caused by the photo or by throttling say nothing about the model."""
        kind = failure.type.rpartition(":")[2] if failure else ""
        if kind.startswith("model-"):
            self._failures[model] = (self._clock(), kind)
        else:
            self._failures.pop(model, None)

    def failure(self, model: str) -> str | None:
        """The kind of problem that a model's last call ended with, if that was recent."""
        when, kind = self._failures.get(model, (float("-inf"), None))
        return kind if self._clock() - when < REMEMBERED_S else None
