"""Where models agree on a photo, and the largest regions where they do not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from functions.orchestrator.regions import number_regions
from functions.orchestrator.schemas import Agreement, DisputedRegion, Pair
from shared.contracts.labels import CLASS_NAMES

LabelMap = NDArray[np.uint8]


def agreement(maps: dict[str, LabelMap]) -> Agreement:
    """Compare label maps of one size by model name; at least two."""
    names = list(maps)
    stacked = np.stack([maps[name] for name in names])
    # One bit for each class that any model answers: a pixel with a single bit is agreed on.
    sets = np.bitwise_or.reduce(np.left_shift(np.uint16(1), stacked.astype(np.uint16)), axis=0)
    counts = np.bincount(sets.ravel(), minlength=1 << len(CLASS_NAMES))
    holds = (np.arange(counts.size)[:, None] >> np.arange(len(CLASS_NAMES))) & 1
    any_model, all_models = counts @ holds, counts[1 << np.arange(len(CLASS_NAMES))]
    return Agreement(
        models=names,
        all=round(float(all_models.sum() / sets.size), 6),
        pairs=[
            Pair(models=[a, b], share=round(float((maps[a] == maps[b]).mean()), 6)) for a, b in combinations(names, 2)
        ],
        classes={
            name: round(float(all_models[i] / any_model[i]), 6) if any_model[i] else None
            for i, name in enumerate(CLASS_NAMES)
        },
        disputed=disputed_regions(stacked, names),
    )


def disputed_regions(stacked: LabelMap, names: list[str]) -> list[DisputedRegion]:
    """The disputed regions of maps, models×H×W, largest first: see `regions`.

    Boxes are in px of the maps, shares of all pixels.
    """
    numbers = number_regions(stacked)
    found = []
    for number in range(1, int(numbers.max()) + 1):
        inside = numbers == number
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        answers = [CLASS_NAMES[np.bincount(labels[inside]).argmax()] for labels in stacked]
        found.append(
            DisputedRegion(
                x=int(columns[0]),
                y=int(rows[0]),
                width=int(columns[-1] - columns[0] + 1),
                height=int(rows[-1] - rows[0] + 1),
                share=round(float(inside.mean()), 6),
                answers=dict(zip(names, answers, strict=True)),
            )
        )
    return found
