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
    (`confidence`, 255 x probability), and whether theirs is the winning answer (`wins`).

    The answer that most models give wins; of several, the one whose models are surer together.
    """

    count: Bytes
    confidence: Bytes
    wins: NDArray[np.bool_]

    def winner(self, values: NDArray[Any]) -> NDArray[Any]:
        """Those of `values`, models×…, that belong to the winning answer."""
        return np.take_along_axis(values, self.wins.argmax(0)[None], 0)[0]


def count_votes(labels: Bytes, confidence: Bytes) -> Votes:
    """Class ids and 255 x calibrated probability of them, both models×…"""
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
    strength = count.astype(np.int32) << 16 | total
    wins = labels == np.take_along_axis(labels, strength.argmax(0)[None], 0)
    return Votes(count, (total // count).astype(np.uint8), wins)
