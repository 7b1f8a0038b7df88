"""Where models agree on a photo, and the largest regions where they do not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from functions.orchestrator.regions import number_regions
from functions.orchestrator.schemas import Agreement, DisputedRegion, Pair
from shared.contracts.labels import CLASS_NAMES, IGNORE, NOTHING
from shared.scoring import with_nothing

LabelMap = NDArray[np.uint8]


def agreement(maps: dict[str, LabelMap]) -> Agreement:
    """Compare label maps of one size by model name; at least two."""
    names = list(maps)
    stacked = np.stack([maps[name] for name in names])
    # One bit for each class that any model answers: a pixel with a single bit is agreed on.
    ids = np.arange(len(CLASS_NAMES) + 1)  # the last is nothing
    bits = np.left_shift(np.uint16(1), with_nothing(stacked, len(CLASS_NAMES)).astype(np.uint16))
    counts = np.bincount(np.bitwise_or.reduce(bits, axis=0).ravel(), minlength=1 << ids.size)
    holds = (np.arange(counts.size)[:, None] >> ids) & 1
    any_model, all_models = counts @ holds, counts[1 << ids]
    return Agreement(
        models=names,
        all=round(float(all_models.sum() / counts.sum()), 6),
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
        ids = [int(np.bincount(labels[inside]).argmax()) for labels in stacked]
        answers = [NOTHING if label == IGNORE else CLASS_NAMES[label] for label in ids]
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
