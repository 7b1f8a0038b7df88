"""Figures from sums over photos, many at once, beside those of `shared.scoring`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]


def accuracy(matrices: NDArray[Any]) -> Figures:
    """The share of pixels that are right, from confusion matrices, …×classes×classes; NaN when there are none."""
    hit = np.trace(matrices, axis1=-2, axis2=-1)
    return share(np.stack([hit, matrices.sum((-2, -1))], -1))


def share(sums: NDArray[Any]) -> Figures:
    """A part of a whole, from sums of both in the last axis, …×2; NaN where there is no whole."""
    part, whole = sums[..., 0].astype(np.float64), sums[..., 1]
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
