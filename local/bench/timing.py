"""Times things that take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Budget(NamedTuple):
    """How long a part may take: `until` a moment of `time.perf_counter`. With `quick` it only shows that it works."""

    until: float
    quick: bool = False


class Spread(NamedTuple):
    """A median, the quartiles around it, and of how many values."""

    median: float
    low: float
    high: float
    number: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Median and quartiles of at least one value."""
        ordered = sorted(values)
        if len(ordered) == 1:
            return cls(ordered[0], ordered[0], ordered[0], 1)
        low, median, high = statistics.quantiles(ordered, n=4, method="inclusive")
        return cls(median, low, high, len(ordered))


def rounds(
    candidates: Mapping[Key, Callable[[], Any]], budget: Budget, *, warm_up: bool = True
) -> dict[Key, list[Any]]:
    """What each candidate gave in each round; a round lets all of them run, one after the other.

    There are as many rounds as the budget has room for, but at least one. One that warms up comes first, and counts
    nothing.
    """
    given: dict[Key, list[Any]] = {key: [] for key in candidates}
    longest, done = 0.0, 0
    while done < 1 + warm_up or time.perf_counter() + longest < budget.until:
        began = time.perf_counter()
        for key, candidate in candidates.items():
            given[key].append(candidate())
        longest, done = max(longest, time.perf_counter() - began), done + 1
        if budget.quick and done > warm_up:
            break
    return {key: values[warm_up:] for key, values in given.items()}


def timed(work: Callable[[], Any]) -> Callable[[], float]:
    """The same work, returning the milliseconds that it took."""

    def run() -> float:
        began = time.perf_counter()
        work()
        return (time.perf_counter() - began) * 1000

    return run


def ratio(times: Iterable[float], to: Iterable[float]) -> Spread:
    """How many times longer `times` took than `to`, round by round: neighbours share the machine's state."""
    return Spread.of(a / b for a, b in zip(times, to, strict=True))
