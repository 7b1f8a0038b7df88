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

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]

MOST = 8
BANDS_ALONG = 128
"""Networks answer every 8th pixel at about a thousand: what is narrower than this part of the long side is a band."""
PIECES = 10_000
"""What is smaller than this part of the picture is a speck."""


def dispute_of(maps: NDArray[np.uint8]) -> Mask:
    """Where ids, models×H×W, are not all the same: H×W."""
    return (maps != maps[0]).any(axis=0)


def number_regions(dispute: Mask) -> NDArray[np.uint8]:
    """The regions of a dispute: H×W, 1 in the largest, 2 in the next, 0 where there is none."""
    height, width = dispute.shape
    radius = max(1, (max(height, width) + BANDS_ALONG) // (2 * BANDS_ALONG))
    runs = components(opened(dispute, radius))
    areas = np.bincount(runs.piece, runs.ends - runs.starts)
    largest = [piece for piece in np.argsort(-areas, kind="stable")[:MOST] if areas[piece] * PIECES >= width * height]
    numbers = np.zeros(len(areas), np.uint8)
    numbers[largest] = range(1, len(largest) + 1)
    return runs.painted(numbers[runs.piece])


def opened(mask: Mask, radius: int) -> Mask:
    """The morphological opening of `mask` by a square of 2 `radius` + 1 px."""
    width, side = mask.shape[1], 2 * radius + 1
    # The picture as one number, a bit for each pixel and an empty one behind each row: no array is joined so quickly.
    rows = np.pad(mask, ((0, 0), (0, 1)))
    bits = int.from_bytes(np.packbits(rows, bitorder="little").tobytes(), "little")
    for step in (1, width + 1):
        for further in _doubling(side):
            bits &= bits >> further * step
    for step in (1, width + 1):
        for further in _doubling(side):
            bits |= bits << further * step
    packed = np.frombuffer(bits.to_bytes(-(-rows.size // 8), "little"), np.uint8)
    return np.unpackbits(packed, count=rows.size, bitorder="little").view(bool).reshape(rows.shape)[:, :width]


def _doubling(side: int) -> Iterator[int]:
    """How far to move a picture to join it with itself, until each pixel is joined with `side` - 1 behind it.

    Stretches twice as long are two that touch, and the last two may overlap: joining a pixel twice changes nothing.
    """
    length = 1
    while length < side:
        step = min(length, side - length)
        yield step
        length += step


class Runs(NamedTuple):
    """Stretches of set pixels in a mask's rows, in reading order.

    `starts` and `ends` are places in the mask read row by row, with a column more on the right, which keeps the runs of
    two rows apart. `piece` is the piece that each belongs to.
    """

    shape: tuple[int, int]
    starts: Indices
    ends: Indices
    piece: Indices

    def painted(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture, H×W, of a value for each run, and 0 outside."""
        height, width = self.shape
        bounds = np.stack([self.starts, self.ends], 1).ravel()
        lengths = np.diff(bounds, prepend=0, append=height * (width + 1))
        both = np.zeros(len(lengths), np.uint8)
        both[1::2] = values
        return both.repeat(lengths).reshape(height, width + 1)[:, :width]


def components(mask: Mask) -> Runs:
    """The pieces of a mask that touch by their sides, counted from 0 by the reading order of their first pixels."""
    width = mask.shape[1] + 1
    padded = np.pad(mask, ((0, 0), (0, 1))).ravel()
    bounds = np.flatnonzero(np.diff(padded, prepend=False))
    starts, ends = bounds[::2], bounds[1::2]
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
    _, piece = np.unique([root(run) for run in range(len(starts))], return_inverse=True)
    return Runs(mask.shape, starts, ends, piece)
