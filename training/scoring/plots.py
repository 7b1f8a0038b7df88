"""A figure of panels side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def panels(path: Path, count: int, size: tuple[float, float]) -> Iterator[list[Any]]:
    """`count` matplotlib axes to draw on, which share their y axis; saved as `path` (.svg, .png) at the end.

    `size` is that of the whole figure, width and height in inches.
    """
    import matplotlib as mpl  # here: nothing else of a command waits for it

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, count, figsize=size, sharey=True, layout="constrained", squeeze=False)
    try:
        yield list(axes[0])
        figure.savefig(path)
    finally:
        pyplot.close(figure)
