"""How far labels lie beside what they label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REACH = 3


def offset(photo: NDArray[np.uint8], labels: NDArray[np.uint8], classes: set[int]) -> tuple[int, int]:
    """How many pixels (across, down) the outlines of some classes must be moved to lie best on the photo's edges.

    `photo` is H×W×3, `labels` H×W. An outline is where a pixel is of one of the classes and its neighbour is not; the
    better they lie, the greater the photo's steps along them.
    """
    gray = photo.astype(np.float32).mean(2)
    return _best(gray, labels, classes), _best(gray.T, labels.T, classes)


def _best(gray: NDArray[np.float32], labels: NDArray[np.uint8], classes: set[int]) -> int:
    thin = np.isin(labels, list(classes))
    outline = thin[:, 1:] != thin[:, :-1]
    outline[:, :REACH] = outline[:, -REACH:] = False
    steps = np.abs(np.diff(gray, axis=1))
    assert outline.sum() > 50, "too little of these classes to tell"
    moves = range(-REACH, REACH + 1)
    return max(moves, key=lambda move: float(np.roll(steps, -move, axis=1)[outline].mean()))
