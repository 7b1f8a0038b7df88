"""Scores of label maps, all from one confusion matrix: a row for each class of the truth, a column for each answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]


def confusion(truth: NDArray[Any], answer: NDArray[Any], classes: int) -> Matrix:
    """How many pixels of each true class got each answer; ids of one shape, all below `classes`."""
    pairs = truth.astype(np.int64) * classes + answer
    return np.bincount(pairs.ravel(), minlength=classes**2).reshape(classes, classes)


def iou(matrix: Matrix) -> NDArray[np.float64]:
    """Intersection over union by class; NaN for a class that neither truth nor answers hold.

    A row more than there are columns counts the answers where the truth is another class, whichever it is.
    """
    hit = np.diag(matrix).astype(float)
    union = matrix.sum(0) + matrix.sum(1)[: len(hit)] - hit
    return np.divide(hit, union, out=np.full(len(hit), np.nan), where=union > 0)


def mean_iou(matrix: Matrix) -> float:
    """Mean IoU over the classes that the truth holds; NaN when it holds none."""
    held = matrix.sum(1)[: matrix.shape[1]] > 0
    return float(iou(matrix)[held].mean()) if held.any() else float("nan")
