"""Where models agree on a photo, and the largest regions where they do not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.orchestrator.regions import Mask, dispute_of, number_regions
from functions.orchestrator.schemas import Agreement, DisputedRegion, Pair
from shared.contracts.labels import CLASS_NAMES, IGNORE, NOTHING
from shared.scoring import with_nothing

LabelMap = NDArray[np.uint8]
_BITS = np.left_shift(np.uint16(1), np.arange(len(CLASS_NAMES) + 1, dtype=np.uint16))
"""A bit for each class, and last, for none."""


def agreement(maps: dict[str, LabelMap]) -> Agreement:
    """Compare label maps of one size by model name; at least two."""
    names = list(maps)
    stacked = np.stack([maps[name] for name in names])
    dispute = dispute_of(stacked)
    differ = np.flatnonzero(dispute)
    apart = stacked.reshape(len(names), -1)[:, differ]
    disputed, pixels = with_nothing(apart, len(CLASS_NAMES)), stacked[0].size
    all_models = _count(with_nothing(stacked[0], len(CLASS_NAMES))) - _count(disputed[0])
    # Which classes any model answers, where they differ.
    bits = np.bitwise_or.reduce(_BITS.take(disputed), axis=0)
    any_model = all_models + [np.count_nonzero(bits & bit) for bit in _BITS]
    return Agreement(
        models=names,
        all=round(1 - differ.size / pixels, 6),
        pairs=[
            Pair(models=[names[a], names[b]], share=round(1 - np.count_nonzero(apart[a] != apart[b]) / pixels, 6))
            for a, b in combinations(range(len(names)), 2)
        ],
        classes={
            name: round(float(all_models[i] / any_model[i]), 6) if any_model[i] else None
            for i, name in enumerate(CLASS_NAMES)
        },
        disputed=disputed_regions(stacked, dispute, names),
    )


def _count(ids: LabelMap) -> NDArray[np.int64]:
    """How many pixels have each class, and last, how many have none."""
    return np.array(Image.fromarray(ids.reshape(1, -1)).histogram()[: len(CLASS_NAMES) + 1])


def disputed_regions(stacked: LabelMap, dispute: Mask, names: list[str]) -> list[DisputedRegion]:
    """The disputed regions of maps, models×H×W, largest first: see `regions`; `dispute` is where they differ.

    Boxes are in px of the maps, shares of all pixels.
    """
    numbers = number_regions(dispute)
    height, width = numbers.shape
    places = np.flatnonzero(numbers.view(bool))
    number_there, labels_there = numbers.ravel()[places], stacked.reshape(len(names), -1)[:, places]
    found = []
    for number in range(1, int(numbers.max()) + 1):
        inside = number_there == number
        rows, columns = np.divmod(places[inside], width)
        ids = [int(np.bincount(labels[inside]).argmax()) for labels in labels_there]
        answers = [NOTHING if label == IGNORE else CLASS_NAMES[label] for label in ids]
        found.append(
            DisputedRegion(
                x=int(columns.min()),
                y=int(rows[0]),
                width=int(columns.max() - columns.min() + 1),
                height=int(rows[-1] - rows[0] + 1),
                share=round(len(rows) / (height * width), 6),
                answers=dict(zip(names, answers, strict=True)),
            )
        )
    return found
