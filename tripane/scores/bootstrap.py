"""Confidence intervals of figures over photos, by the bootstrap: it resamples the photos.

Photos are drawn, not pixels: pixels of one photo are alike, and an interval over them would be far too narrow.
Efron, Tibshirani: An Introduction to the Bootstrap. Chapman & Hall 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
PARTS = 20
LEVEL = 0.95
Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From sums over photos, draws×…, to figures, draws×…"""


class Interval(NamedTuple):
    """A figure over all photos and the interval that holds it in 95 of 100 draws; NaN where there is none."""

    value: float
    low: float
    high: float


def intervals(counts: NDArray[Any], statistic: Statistic) -> list[Interval]:
    """The figures that `statistic` makes of the sum of `counts`, photos×…, each with its interval.

    The draws are always the same for a number of photos, so that a report made again says the same.
    """
    value = statistic(_total(counts[None])).ravel()
    drawn = statistic(_draw(counts)).reshape(DRAWS, -1)
    return [Interval(float(v), *_middle(column)) for v, column in zip(value, drawn.T, strict=True)]


def differences(before: NDArray[Any], after: NDArray[Any], statistic: Statistic) -> list[Interval]:
    """How much the figures rose from `before` to `after`, counts of the same photos in the same order.

    The same draws for both, so that what is hard about a photo cancels out.
    """
    value = (statistic(_total(after[None])) - statistic(_total(before[None]))).ravel()
    drawn = (statistic(_draw(after)) - statistic(_draw(before))).reshape(DRAWS, -1)
    return [Interval(float(v), *_middle(column)) for v, column in zip(value, drawn.T, strict=True)]


def _total(counts: NDArray[Any]) -> NDArray[np.float64]:
    return counts.sum(1).astype(np.float64)


def _draw(counts: NDArray[Any]) -> NDArray[np.float64]:
    """The sum over as many photos as there are, drawn with replacement: draws×…"""
    photos, random = len(counts), np.random.default_rng(0)
    flat = counts.reshape(photos, -1).astype(np.float64)
    drawn = [  # a part at a time: how often each of 100,000 photos comes up in 1000 draws would be 0.8 GB
        random.multinomial(photos, np.full(photos, 1 / photos), DRAWS // PARTS).astype(np.float64) @ flat
        for _ in range(PARTS)
    ]
    return np.concatenate(drawn).reshape(DRAWS, *counts.shape[1:])


def _middle(values: NDArray[np.float64]) -> tuple[float, float]:
    seen = values[~np.isnan(values)]
    if not len(seen):
        return float("nan"), float("nan")
    low, high = np.quantile(seen, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
