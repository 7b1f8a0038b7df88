"""Disputed regions: where models mean different things, apart from where they draw an outline differently.

Networks of different strides disagree on a rim a few pixels wide around every object. A pixel on which maps differ lies
in a region if

1. a square of about 1/128 of the long side (2 `radius` + 1 px) that holds it lies wholly in the dispute: the dispute is
   opened by that square, as in mathematical morphology;
2. the piece, of such pixels that touch by their sides, has at least 1/10,000 of the picture;
3. no more than seven such pieces are larger, or as large and before it in reading order.

The page paints what this lists, by the same steps (`frontend/modules/pixels/maps.js`), and
`tests/page/regions.json` holds both to one answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Maps = NDArray[np.uint8]

MOST = 8
BANDS_ALONG = 128
"""Networks answer every 8th pixel at about a thousand: what is narrower than this part of the long side is a band."""
PIECES = 10_000
"""What is smaller than this part of the picture is a speck."""


def number_regions(maps: Maps) -> NDArray[np.uint8]:
    """Of ids, models×H×W, the disputed regions: H×W, 1 in the largest, 2 in the next, 0 where there is none."""
    height, width = maps.shape[1:]
    radius = max(1, (max(height, width) + BANDS_ALONG) // (2 * BANDS_ALONG))
    wide = opened((maps != maps[0]).any(axis=0), radius)
    pieces, areas = components(wide)
    largest = [piece for piece in np.argsort(-areas, kind="stable")[:MOST] if areas[piece] * PIECES >= width * height]
    numbers = np.zeros(len(areas) + 1, np.uint8)  # the last is that of piece -1
    numbers[largest] = range(1, len(largest) + 1)
    return numbers[pieces]


def opened(mask: Mask, radius: int) -> Mask:
    """What squares of 2 `radius` + 1 px cover that lie wholly in `mask`."""
    side = 2 * radius + 1
    if min(mask.shape) < side:
        return np.zeros_like(mask)
    for axis in (0, 1):
        mask = _counts(mask, side, axis) == side
    mask = np.pad(mask, side - 1)
    for axis in (0, 1):
        mask = _counts(mask, side, axis) > 0
    return mask


def _counts(mask: Mask, side: int, axis: int) -> NDArray[np.int32]:
    """How many pixels are set in each stretch of `side` pixels along `axis`; as many stretches as have room."""
    sums = np.cumsum(mask, axis=axis, dtype=np.int32)
    before = np.insert(sums.take(range(mask.shape[axis] - side), axis), 0, 0, axis)
    return sums.take(range(side - 1, mask.shape[axis]), axis) - before


def components(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The pieces of a mask that touch by their sides: H×W, each pixel's piece, -1 outside; and each piece's area.

    Pieces are counted from 0, by the reading order of their first pixels.
    """
    # Runs of set pixels, in reading order; a column more on the right keeps those of two rows apart.
    width = mask.shape[1] + 1
    steps = np.diff(np.pad(mask, ((0, 0), (0, 1))).ravel().astype(np.int8), prepend=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    # A run touches those of the row above that end behind its start and start before its end.
    first = np.searchsorted(ends, starts - width, side="right")
    last = np.searchsorted(starts, ends - width, side="left")
    parents = list(range(len(starts)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    for run, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        for above in range(low, high):
            a, b = sorted((root(run), root(above)))
            parents[b] = a
    roots, piece_of_run = np.unique([root(run) for run in range(len(starts))], return_inverse=True)
    pieces = np.full(mask.shape, -1, np.int32)
    pieces[mask] = np.repeat(piece_of_run, ends - starts)
    return pieces, np.bincount(pieces[mask], minlength=len(roots))
