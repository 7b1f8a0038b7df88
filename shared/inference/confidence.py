"""How sure a network is of the class that wins, as fine as its logits are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONG_SIDE = 512
"""A confidence map's long side is at most this, in px: finer logits are averaged first, which is also what enlarging
them does to the pattern that transposed convolutions leave in them."""


def confidence(
    logits: NDArray[np.float32],
    temperature: float,
    class_weights: Sequence[float] | None = None,
    platt_scaling: tuple[float, float] | None = None,
) -> NDArray[np.uint8]:
    """255 x the calibrated probability of the winning class: h×w, or a half, a quarter... of that where it is large.

    `platt_scaling` is the slope and shift of its log odds (Platt, Probabilistic Outputs for Support Vector Machines,
    1999), or None where they are right as they are; see `probability` for the rest.
    """
    sure = probability(logits, temperature, class_weights)
    return np.rint(255 * (scaled(sure, *platt_scaling) if platt_scaling else sure)).astype(np.uint8)


def probability(
    logits: NDArray[np.float32], temperature: float, class_weights: Sequence[float] | None = None
) -> NDArray[np.float32]:
    """The probability of the winning class, of the size of `confidence`, before Platt scaling.

    Args:
        logits: classes×h×w.
        temperature: logits are divided by it before the softmax (Guo et al., On Calibration of Modern Neural Networks,
            ICML 2017).
        class_weights: how much a pixel of each class counted in training, or None where all counted alike. A network
            answers as if classes were as much more frequent: its probabilities are divided by them (Menon et al.,
            Long-Tail Learning via Logit Adjustment, ICLR 2021). The winning class stays that of the logits.
    """
    while max(logits.shape[1:]) > LONG_SIDE:
        logits = _halved(logits)
    factors = np.array(class_weights or [1.0] * len(logits), np.float32) ** (-1 / temperature)
    best = logits.max(0)
    winners = np.zeros_like(best)  # the winner's factor; of equal logits the larger one
    total = np.zeros_like(best)
    for plane, factor in zip(logits, factors, strict=True):
        total += factor * np.exp((plane - best) / temperature)
        np.maximum(winners, factor * (plane == best), out=winners)
    return winners / total


def scaled(probabilities: NDArray[np.float32], slope: float, shift: float) -> NDArray[np.float32]:
    """Probabilities above 0 whose log odds are multiplied by `slope`, and added to `shift`."""
    against = np.maximum(1 - probabilities, 0) / probabilities
    return (1 / (1 + np.exp(-shift) * against**slope)).astype(np.float32)


def _halved(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of 2×2 logits; of an odd number of rows or columns the last counts twice."""
    _, height, width = logits.shape
    if height % 2 or width % 2:
        logits = np.pad(logits, ((0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    means = np.empty((len(logits), logits.shape[1] // 2, logits.shape[2] // 2), np.float32)
    for mean, plane in zip(means, logits, strict=True):  # one by one: a plane stays in the CPU's cache
        rows = plane[::2] + plane[1::2]
        np.add(rows[:, ::2], rows[:, 1::2], out=mean)
        mean *= 0.25
    return means


def enlarged(confidence: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """A map of confidence or probability at `size`, width and height in px, bilinearly, as the page shows it."""
    return np.asarray(Image.fromarray(confidence).resize(size, Image.Resampling.BILINEAR))
