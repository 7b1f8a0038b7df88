"""Label maps as people draw them: outlines that close over the small gaps in crowns, wheels, spokes and railings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.label import Label

Labels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """Gaps up to twice `reach` (a share of the picture's width) are closed.

    But only where at least `density` of the pixels around are of the class, and one of `over` shows through the gap.
    """

    label: Label
    reach: float
    density: float
    over: frozenset[Label]


GROUND = frozenset({Label.ROAD, Label.PAVEMENT})
BEHIND = frozenset({Label.SKY, Label.BUILDING, Label.TREE, Label.VOID})
RULES = (
    Rule(Label.TREE, 1 / 220, 0.38, frozenset({Label.SKY, Label.BUILDING, Label.VOID})),
    Rule(Label.BICYCLIST, 1 / 260, 0.30, GROUND | BEHIND | {Label.FENCE, Label.PEDESTRIAN, Label.POLE, Label.SIGN}),
    Rule(Label.CAR, 1 / 500, 0.50, GROUND | BEHIND | {Label.FENCE, Label.PEDESTRIAN, Label.BICYCLIST}),
    Rule(Label.FENCE, 1 / 150, 0.12, GROUND | (BEHIND - {Label.VOID})),
)


def annotated(labels: Labels) -> Labels:
    """The map of an exact one, H×W, that an annotator would have drawn."""
    drawn = labels.copy()
    for rule in RULES:
        reach = max(1, round(labels.shape[1] * rule.reach))
        own = labels == rule.label
        gaps = closed(own, reach) & ~own
        dense = _window_sums(own, reach) >= rule.density * (2 * reach + 1) ** 2
        drawn[gaps & dense & np.isin(labels, [int(label) for label in rule.over])] = rule.label
    return drawn


def closed(mask: Mask, reach: int) -> Mask:
    """Morphological closing with a square that reaches so many pixels to each side."""
    padded = np.pad(mask, 2 * reach)
    grown = _window_sums(padded, reach) > 0
    shrunk = _window_sums(grown, reach) == (2 * reach + 1) ** 2
    return np.asarray(shrunk[2 * reach : -2 * reach, 2 * reach : -2 * reach])


def _window_sums(mask: Mask, reach: int) -> NDArray[np.int64]:
    """How many pixels are set in the square around each pixel."""
    size = 2 * reach + 1
    sums = np.pad(mask, ((reach + 1, reach), (reach + 1, reach))).cumsum(0, np.int64).cumsum(1)
    return sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
