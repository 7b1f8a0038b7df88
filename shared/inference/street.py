"""Does a photo look like a street at all? One number, from the coarse logits of the networks that saw it.

A network gives every pixel one of its classes, of a plate of food too, and is often sure of it. Its logits as a whole
still tell: how large they are, how much they differ, what lies where. A logistic regression over such statistics,
fitted for each network by `training.fit_street`, says whether they are those of street photos.

Energy as a measure of what is known: Liu, Wang, Owens, Li: Energy-based Out-of-distribution Detection. NeurIPS 2020.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.contracts.card import Card

FITTED = Path(__file__).with_suffix(".json")
REFUSED_BELOW = 0.5
ROWS = 64
"""Rows of the coarse logits that are looked at, at most; finer ones say the same."""
BANDS = 3
"""Horizontal parts of the photo in which classes are counted: sky is above, road below."""


@dataclass(frozen=True)
class Street:
    """What is fitted to one network: a weight for each of its `statistics`, and what is added to their sum.

    `weights_sha256` names the network's weights that it was fitted to.
    """

    weights: NDArray[np.float64]
    bias: float
    weights_sha256: str

    def log_odds(self, logits: NDArray[np.float32]) -> float:
        """How much a photo's coarse logits, classes×h×w and of no temperature, look like a street's; 0 is the limit."""
        return float(statistics(logits) @ self.weights) + self.bias


def looks_like_street(log_odds: Iterable[float]) -> float:
    """From 0 to 1, of the `log_odds` of every network that answered; a photo `REFUSED_BELOW` is said to be no street.

    Raises `ValueError` when there are none.
    """
    found = list(log_odds)
    if not found:
        raise ValueError("no network has answered")
    mean = sum(found) / len(found)
    return 1 / (1 + math.exp(-max(-500.0, mean)))


def statistics(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """What is looked at, 6 + 5 x classes numbers, of coarse logits, classes×h×w.

    Means over all pixels of energy, entropy, lead of the winner and deviation of the logits; how often neighbours
    differ and how evenly classes share the photo; mean probability of each class in each band; mean and deviation of
    each class's logits.
    """
    step = max(1, logits.shape[1] // ROWS)
    grid = logits[:, ::step, ::step].astype(np.float64)
    energy = np.log(np.exp(grid - grid.max(0)).sum(0)) + grid.max(0)
    log_probability = grid - energy
    probability = np.exp(log_probability)
    second, best = np.partition(grid, -2, axis=0)[-2:]
    winner = grid.argmax(0)
    rims = [(np.diff(winner, axis=axis) != 0).mean() if winner.shape[axis] > 1 else 0.0 for axis in (0, 1)]
    share = probability.mean((1, 2))
    whole = [
        energy.mean(),
        -(probability * log_probability).sum(0).mean(),
        (best - second).mean(),
        grid.std(0).mean(),
        np.mean(rims),
        -(share * np.log(share + 1e-6)).sum(),
    ]
    rows = grid.shape[1]
    tops = [min(round(i * rows / BANDS), rows - 1) for i in range(BANDS)]
    bands = [probability[:, top : max(bottom, top + 1)].mean((1, 2)) for top, bottom in pairwise([*tops, rows])]
    return np.concatenate([whole, *bands, grid.mean((1, 2)), grid.std((1, 2))])


def street_of(card: Card) -> Street | None:
    """What is fitted to a model's network; None for other weights than those."""
    street = fitted().get(card.name)
    return street if street and street.weights_sha256 == card.weights_sha256 else None


@cache
def fitted() -> dict[str, Street]:
    """What is fitted, by name of the network; networks of which nothing is known are missing."""
    document = json.loads(FITTED.read_text(encoding="utf-8"))
    return {
        name: Street(np.array(entry["weights"]), entry["bias"], entry["weights_sha256"])
        for name, entry in document.items()
    }
