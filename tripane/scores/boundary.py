"""Accuracy of label maps along the outlines of things, where pixel accuracy says least."""

from __future__ import annotations

from math import hypot

import numpy as np
from numpy.typing import NDArray

from shared.contracts.labels import IGNORE

BAND = 0.005
"""Half the band's width as a share of the photo's diagonal: 3 px at 480 x 360, 11 at 2048 x 1024."""


def boundary_band(truth: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The labelled pixels of `truth`, H×W, that lie within the band around a change from one class to another.

    The trimap of Kohli, Ladický, Torr: Robust Higher Order Potentials for Enforcing Label Consistency. IJCV 2009. What
    is next to unlabelled pixels alone is no outline.
    """
    known = truth != IGNORE
    edge = np.zeros(truth.shape, bool)
    for one, other in ((np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1])):
        change = (truth[one] != truth[other]) & known[one] & known[other]
        edge[one] |= change
        edge[other] |= change
    radius = max(1, round(BAND * hypot(*truth.shape)))
    return _dilate(_dilate(edge, radius, 0), radius, 1) & known


def _dilate(mask: NDArray[np.bool_], radius: int, axis: int) -> NDArray[np.bool_]:
    """True wherever `mask` is within `radius` along `axis`: windows that double, as those of both halves or'ed."""
    along = np.pad(mask if axis == 0 else mask.T, ((radius, radius), (0, 0)))
    window, span = 1, 2 * radius + 1
    while window < span:
        step = min(window, span - window)
        along = along[:-step] | along[step:]
        window += step
    return along if axis == 0 else along.T
