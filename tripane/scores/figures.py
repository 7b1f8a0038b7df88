"""Figures of many confusion matrices at once: …×classes×classes, a row for each true class, a column for each answer.

Per class as the Cityscapes scripts and torchmetrics have it; the mean is over the classes that the truth holds, so that
a label set without poles does not punish a model that sees poles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]


def iou(matrices: NDArray[Any]) -> Figures:
    """Intersection over union, …×classes; NaN for a class that neither truth nor answers hold."""
    hit = np.diagonal(matrices, axis1=-2, axis2=-1).astype(np.float64)
    union = matrices.sum(-1) + matrices.sum(-2) - hit
    return np.divide(hit, union, out=np.full(hit.shape, np.nan), where=union > 0)


def miou(matrices: NDArray[Any]) -> Figures:
    """Mean IoU over the classes that the truth holds, …; NaN when it holds none."""
    held = matrices.sum(-1) > 0
    total = np.where(held, iou(matrices), 0.0).sum(-1)
    count = held.sum(-1)
    return np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)


def accuracy(matrices: NDArray[Any]) -> Figures:
    """The share of pixels that are right, …; NaN when there are none."""
    hit = np.trace(matrices, axis1=-2, axis2=-1).astype(np.float64)
    pixels = matrices.sum((-2, -1))
    return np.divide(hit, pixels, out=np.full(hit.shape, np.nan), where=pixels > 0)


def share(sums: NDArray[Any]) -> Figures:
    """A part of a whole, from sums of both in the last axis, …; NaN where there is no whole."""
    part, whole = sums[..., 0].astype(np.float64), sums[..., 1]
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
