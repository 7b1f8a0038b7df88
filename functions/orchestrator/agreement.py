"""Where label maps agree and where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from functions.orchestrator.documents import Agreement, Pair, Region
from shared.contracts.labels import CLASS_NAMES

LabelMap = NDArray[np.uint8]
_CLASSES = len(CLASS_NAMES)
_GRID = 64
"""Blocks along the long side: 32 px each in a map of 2048, wider than the band in which two outlines differ."""
_SMALLEST_BLOCK = 8
_MOST_REGIONS = 8


def agreement(maps: Mapping[str, LabelMap]) -> Agreement | None:
    """Compare label maps of one size, height×width ids by model; None when there are fewer than two."""
    if len(maps) < 2:
        return None
    names = list(maps)
    codes = _joint_codes(list(maps.values()))
    # How often each combination of answers occurs has everything in it: one axis a model, one place a class.
    joint = np.bincount(codes.ravel(), minlength=_CLASSES ** len(names)).reshape((_CLASSES,) * len(names))
    total = int(codes.size)
    everybody = np.array([joint[(c,) * len(names)] for c in range(_CLASSES)])
    anybody = total - np.array([_without(joint, c) for c in range(_CLASSES)])
    return Agreement(
        models=names,
        all=_share(everybody.sum(), total),
        pairs=[
            Pair(models=(names[a], names[b]), share=_share(np.trace(_marginal(joint, a, b)), total))
            for a, b in combinations(range(len(names)), 2)
        ],
        classes={
            name: _share(every, some) if some else None
            for name, every, some in zip(CLASS_NAMES, everybody, anybody, strict=True)
        },
        disputed=_disputed(codes, names),
    )


def _joint_codes(maps: list[LabelMap]) -> NDArray[np.intp]:
    """One number for each pixel's combination of answers: the models' ids as digits to the base of the classes."""
    codes = np.zeros(maps[0].shape, np.intp)
    for labels in maps:
        codes = codes * _CLASSES + labels
    return codes


def _unanimous(models: int) -> NDArray[np.intp]:
    """The codes of the combinations in which every model answers the same."""
    return np.arange(_CLASSES) * sum(_CLASSES**i for i in range(models))


def _marginal(joint: NDArray[np.intp], a: int, b: int) -> NDArray[np.intp]:
    others = tuple(axis for axis in range(joint.ndim) if axis not in (a, b))
    return np.asarray(joint.sum(axis=others))


def _without(joint: NDArray[np.intp], c: int) -> int:
    """Pixels to which no model gives class `c`."""
    kept = np.delete(np.arange(_CLASSES), c)
    return int(joint[np.ix_(*[kept] * joint.ndim)].sum())


def _share(part: float, whole: float) -> float:
    return round(float(part / whole), 4)


def _disputed(codes: NDArray[np.intp], names: list[str]) -> list[Region]:
    """The largest regions in which most pixels are disputed, and in the same way.

    On a grid of blocks, a block counts when most of its pixels are disputed, so that the thin band along a boundary on
    which nobody agrees to the pixel vanishes. Neighbouring blocks with the same most frequent answers make a region.
    """
    height, width = codes.shape
    block = max(_SMALLEST_BLOCK, -(-max(height, width) // _GRID))
    disputed = ~np.isin(codes, _unanimous(len(names)))
    counts = _block_sums(disputed, block)
    areas = _block_sums(np.ones_like(disputed), block)
    answers = {
        (int(row), int(column)): _mode(codes, disputed, row * block, column * block, block)
        for row, column in np.argwhere(2 * counts > areas)
    }
    regions = []
    for code, cells in _components(answers):
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        x, y = min(columns) * block, min(rows) * block
        regions.append(
            Region(
                x=x,
                y=y,
                width=min((max(columns) + 1) * block, width) - x,
                height=min((max(rows) + 1) * block, height) - y,
                share=_share(sum(int(counts[cell]) for cell in cells), codes.size),
                answers={
                    name: CLASS_NAMES[code // _CLASSES ** (len(names) - 1 - i) % _CLASSES]
                    for i, name in enumerate(names)
                },
            )
        )
    return sorted(regions, key=lambda region: -region.share)[:_MOST_REGIONS]


def _block_sums(mask: NDArray[np.bool_], block: int) -> NDArray[np.intp]:
    """How many are true in each block; blocks at the right and lower edge may be smaller."""
    rows = np.add.reduceat(mask, np.arange(0, mask.shape[0], block), axis=0, dtype=np.intp)
    return np.asarray(np.add.reduceat(rows, np.arange(0, mask.shape[1], block), axis=1))


def _mode(codes: NDArray[np.intp], disputed: NDArray[np.bool_], top: int, left: int, block: int) -> int:
    """The most frequent disputed combination in a block."""
    window = np.s_[top : top + block, left : left + block]
    return int(np.bincount(codes[window][disputed[window]]).argmax())


def _components(answers: Mapping[tuple[int, int], int]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Cells of a grid that touch by a side and have the same value: the value and the cells of each group."""
    left = dict(answers)
    groups = []
    while left:
        start, code = left.popitem()
        cells = [start]
        for row, column in cells:  # grows while we go
            for neighbour in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if left.get(neighbour) == code:
                    del left[neighbour]
                    cells.append(neighbour)
        groups.append((code, cells))
    return groups
