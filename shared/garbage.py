"""Python's garbage collector while a function starts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_alone() -> Iterator[None]:
    """Disable collection during the block, and freeze what it created, so that no later collection looks at it.

    Imports make some hundred thousand objects that stay. Looking for garbage among them again and again takes a tenth
    of a cold start, and the first full collection after it would fall into a call.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
