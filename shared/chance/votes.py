"""What several models' answers say about each other, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Votes:
    """For each model and pixel, models×…: how many models give the same answer (`count`), how sure those are on average
    (`confidence`, 255 x probability), and whether theirs is the winning answer (`wins`); `first`, of one shape less, is
    the first model that gives it.

    The answer that most models give wins; of several, the one whose models are surer together.
    """

    count: Bytes
    confidence: Bytes
    wins: NDArray[np.bool_]
    first: Bytes

    def winner(self, values: NDArray[Any]) -> NDArray[Any]:
        """Those of `values`, models×…, that belong to the winning answer."""
        return _chosen(values, self.first)


def count_votes(labels: Bytes, confidence: Bytes) -> Votes:
    """Class ids and 255 x calibrated probability of them, both models×…, of at most 255 models."""
    models = len(labels)
    count = np.ones(labels.shape, np.uint8)
    total = confidence.astype(np.uint16)
    for one in range(models):
        for other in range(one + 1, models):
            same = labels[one] == labels[other]
            count[one] += same
            count[other] += same
            total[one] += same * confidence[other]
            total[other] += same * confidence[one]
    first = _first_strongest(count.astype(np.uint32) << np.uint32(16) | total)
    return Votes(count, (total // count).astype(np.uint8), labels == _chosen(labels, first), first)


def _first_strongest(strength: NDArray[np.uint32]) -> Bytes:
    """The first model of the greatest strength, of models×…: numpy's `argmax` over so few takes three times as long."""
    strongest, first = strength[0].copy(), np.zeros(strength.shape[1:], np.uint8)
    for model in range(1, len(strength)):
        stronger = strength[model] > strongest
        np.copyto(strongest, strength[model], where=stronger)
        np.copyto(first, np.uint8(model), where=stronger)
    return first


def _chosen(values: NDArray[Any], model: Bytes) -> NDArray[Any]:
    """Of values, models×…, that of one model at each place."""
    chosen = values[0].copy()
    for other in range(1, len(values)):
        np.copyto(chosen, values[other], where=model == other)
    return chosen
