"""A figure of panels side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def panels(path: Path, count: int, size: tuple[float, float], rows: int = 1) -> Iterator[list[Any]]:
    """`count` matplotlib axes in each of `rows` to draw on, which share their y axis; saved as `path` (.svg, .png).

    `size` is that of the whole figure, width and height in inches.
    """
    import matplotlib as mpl  # here: nothing else of a command waits for it

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(rows, count, figsize=size, sharey=True, layout="constrained", squeeze=False)
    try:
        yield list(axes.flat)
        figure.savefig(path)
    finally:
        pyplot.close(figure)
