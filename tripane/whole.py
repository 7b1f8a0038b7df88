"""Files of a report that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A text file to write, which appears under its name when the block ends; what an error cuts short never does.

    What the name of a photo's file may hold and text may not is written as an escape.
    """
    beside = path.with_name(f".{path.name}")
    with beside.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        yield file
    beside.replace(path)
