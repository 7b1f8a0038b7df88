"""A limit on the CPU time of one call, so that no photo holds a function longer than the largest honest one does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from shared.contracts.problems import ProblemError, problem


@contextmanager
def cpu_budget(seconds: float) -> Iterator[None]:
    """Cut the block short once the process has used `seconds` of CPU time in it, all threads together.

    Raises `ProblemError` "too-much-work" then, as soon as the interpreter is back from what it called. CPU time, not
    time on the clock: a function that is frozen or starved of CPU has not worked. Works in the main thread only, which
    is the one that Lambda's runtime client calls a handler in; budgets do not nest.
    """

    def spent(_signal: int, _frame: FrameType | None) -> NoReturn:
        detail = f"The photo takes more than {seconds:g} s of CPU time, which no photo within the limits needs."
        raise ProblemError(problem("too-much-work", detail))

    before = signal.signal(signal.SIGPROF, spent)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
