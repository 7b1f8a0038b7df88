"""Where models agree on a photo, and the largest regions where they do not."""

from __future__ import annotations

from collections import deque
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.contracts.labels import CLASS_NAMES

LabelMap = NDArray[np.uint8]

REGIONS = 8
"""Disputed regions reported at the most."""
GRID = 128
"""Blocks along the long side. Networks of different strides disagree on a rim a few pixels wide around every object;
a block is disputed only if most of it is, so rims vanish and regions remain."""
MOST = 0.6


def agreement(maps: dict[str, LabelMap]) -> dict[str, Any]:
    """Compare label maps of one size by model name; at least two. The document's `agreement`."""
    names = list(maps)
    stacked = np.stack([maps[name] for name in names])
    # One bit for each class that any model answers: a pixel with a single bit is agreed on.
    sets = np.bitwise_or.reduce(np.left_shift(np.uint16(1), stacked.astype(np.uint16)), axis=0)
    counts = np.bincount(sets.ravel(), minlength=1 << len(CLASS_NAMES))
    holds = (np.arange(counts.size)[:, None] >> np.arange(len(CLASS_NAMES))) & 1
    any_model, all_models = counts @ holds, counts[1 << np.arange(len(CLASS_NAMES))]
    return {
        "models": names,
        "all": round(float(all_models.sum() / sets.size), 6),
        "pairs": [
            {"models": [a, b], "share": round(float((maps[a] == maps[b]).mean()), 6)} for a, b in combinations(names, 2)
        ],
        "classes": {
            name: round(float(all_models[i] / any_model[i]), 6) if any_model[i] else None
            for i, name in enumerate(CLASS_NAMES)
        },
        "disputed": disputed_regions(stacked, names, (sets & (sets - 1)) != 0),
    }


def disputed_regions(stacked: LabelMap, names: list[str], disputed: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """The largest connected regions of `disputed`, H×W, largest first, each with every model's commonest answer.

    Boxes are in px of the maps, shares of all pixels.
    """
    height, width = disputed.shape
    block = max(1, -(-max(height, width) // GRID))
    regions = []
    for cells in _components(_blocks(disputed, block) >= MOST):
        rows, columns = cells.T
        top, left = int(rows.min()) * block, int(columns.min()) * block
        bottom = min((int(rows.max()) + 1) * block, height)
        right = min((int(columns.max()) + 1) * block, width)
        inside = np.zeros((-(-height // block), -(-width // block)), bool)
        inside[rows, columns] = True
        inside = inside.repeat(block, 0).repeat(block, 1)[top:bottom, left:right]
        inside &= disputed[top:bottom, left:right]
        answers = stacked[:, top:bottom, left:right][:, inside]
        regions.append(
            {
                "x": left,
                "y": top,
                "width": right - left,
                "height": bottom - top,
                "share": round(float(inside.sum() / disputed.size), 6),
                "answers": {
                    name: CLASS_NAMES[int(np.bincount(answer).argmax())]
                    for name, answer in zip(names, answers, strict=True)
                },
            }
        )
    # Each model may differ from pixel to pixel and yet all have one commonest answer: nothing to show.
    worth_showing = [region for region in regions if len(set(region["answers"].values())) > 1]
    return sorted(worth_showing, key=lambda region: -region["share"])[:REGIONS]


def _blocks(mask: NDArray[np.bool_], block: int) -> NDArray[np.float64]:
    """Share of true pixels in each block; blocks at the right and lower edge may be smaller."""
    rows, columns = np.arange(0, mask.shape[0], block), np.arange(0, mask.shape[1], block)
    sums = np.add.reduceat(np.add.reduceat(mask.astype(np.int64), rows, axis=0), columns, axis=1)
    heights = np.diff(np.append(rows, mask.shape[0]))
    widths = np.diff(np.append(columns, mask.shape[1]))
    return sums / np.outer(heights, widths)


def _components(cells: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """The connected groups of true cells (by their four sides), each as an n×2 array of row and column."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(cells), strict=True)}
    groups = []
    while left:
        start = left.pop()
        group, queue = [start], deque([start])
        while queue:
            y, x = queue.popleft()
            for cell in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if cell in left:
                    left.remove(cell)
                    group.append(cell)
                    queue.append(cell)
        groups.append(np.array(group))
    return groups
