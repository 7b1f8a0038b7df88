"""Scores of label maps, all from one confusion matrix: a row for each class of the truth, a column for each answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Matrix = NDArray[np.int64]


def with_nothing(labels: NDArray[np.uint8], classes: int) -> NDArray[np.uint8]:
    """Ids with one more in place of whatever is none of `classes`, so that `confusion` can count it as the last."""
    return np.minimum(labels, np.uint8(classes))


def confusion(truth: NDArray[Any], answer: NDArray[Any], classes: int) -> Matrix:
    """How many pixels of each true class got each answer; ids of one shape, all below `classes`."""
    if classes <= 16 and truth.dtype == answer.dtype == np.uint8:  # a pair is a byte, and bytes are counted quickly
        pairs = truth << 4
        pairs |= answer  # in place: a new array of two megabytes takes as long as filling it
        counts = Image.fromarray(pairs.reshape(1, -1)).histogram()
        return np.array(counts, np.int64).reshape(16, 16)[:classes, :classes]
    pairs = truth.astype(np.int64) * classes + answer
    return np.bincount(pairs.ravel(), minlength=classes**2).reshape(classes, classes)


def iou(matrix: NDArray[Any]) -> NDArray[np.float64]:
    """Intersection over union by class, of one matrix or of many, …×classes×classes; NaN for a class that neither truth
    nor answers hold.

    A row more than there are columns counts the answers where the truth is another class, whichever it is.
    """
    hit = np.diagonal(matrix, axis1=-2, axis2=-1).astype(float)
    union = matrix.sum(-2) + matrix.sum(-1)[..., : hit.shape[-1]] - hit
    return np.divide(hit, union, out=np.full(hit.shape, np.nan), where=union > 0)


def mean_ious(matrices: NDArray[Any]) -> NDArray[np.float64]:
    """Mean IoU over the classes that the truth holds, of each of many matrices; NaN when it holds none."""
    held = matrices.sum(-1)[..., : matrices.shape[-1]] > 0
    total, count = np.where(held, iou(matrices), 0.0).sum(-1), held.sum(-1)
    return np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)


def mean_iou(matrix: Matrix) -> float:
    """Mean IoU over the classes that the truth holds; NaN when it holds none."""
    return float(mean_ious(matrix))
