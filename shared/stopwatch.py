"""Times the stages of one piece of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Milliseconds by stage, by a monotonic clock that starts when this is created."""

    def __init__(self) -> None:
        self.began = perf_counter()
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block as `name`; a block that raises is timed too."""
        began = perf_counter()
        try:
            yield
        finally:
            self.add(name, (perf_counter() - began) * 1000)

    def add(self, name: str, ms: float) -> None:
        """Add a stage that was timed elsewhere."""
        self.timings_ms[name] = self.timings_ms.get(name, 0.0) + ms

    @property
    def total_ms(self) -> float:
        """Milliseconds since the stopwatch was made."""
        return (perf_counter() - self.began) * 1000
