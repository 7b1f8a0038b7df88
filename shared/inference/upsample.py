"""Coarse logits to a label map of any size: bilinear interpolation and arg-max, computed only where classes meet.

Four neighbouring logits span a cell of the result. Bilinear interpolation is a convex combination of them, so a class
that wins at all four corners wins in the whole cell: a copy. Of the cells in between, most are left with two classes,
because one that lies below another at all four corners lies below it everywhere between them.

The result is that of PyTorch's `F.interpolate(mode="bilinear", align_corners=False)` and arg-max, for a tenth of the
work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

CHUNK = 1 << 16
"""Pixels of boundary cells computed at a time: what is computed of them stays in the CPU's cache."""


def argmax(logits: Floats) -> Labels:
    """The winning class of each pixel of classes×h×w, the first of equal ones; numpy's own is several times slower."""
    best, winner = logits[0].copy(), np.zeros(logits.shape[1:], np.uint8)
    for label in range(1, len(logits)):
        np.copyto(winner, label, where=logits[label] > best)
        np.maximum(best, logits[label], out=best)
    return winner


def upsample(logits: Floats, size: tuple[int, int]) -> Labels:
    """The winning class of each pixel of the result, height×width.

    Args:
        logits: classes×h×w.
        size: width and height of the result in px.
    """
    width, height = size
    rows, columns = Axis.along(logits.shape[1], height), Axis.along(logits.shape[2], width)
    winner = np.pad(argmax(logits), 1, mode="edge")  # cell i, j has its corners at i and i + 1, j and j + 1 of this
    result = winner.take(columns.cell, 1).take(rows.cell, 0)
    beside, below = winner[:, 1:] != winner[:, :-1], winner[1:] != winner[:-1]
    seen = (rows.count > 0)[:, np.newaxis] & (columns.count > 0)
    i, j = np.nonzero((beside[:-1] | beside[1:] | below[:, :-1]) & seen)
    flat = logits.reshape(len(logits), -1)
    step = max(1, CHUNK // (len(rows.pixel) * len(columns.pixel)))
    for y, x in ((i[start : start + step], j[start : start + step]) for start in range(0, len(i), step)):
        places = np.stack([row[y] * logits.shape[2] + column[x] for row in rows.ends for column in columns.ends])
        corners = np.stack([winner[y, x], winner[y, x + 1], winner[y + 1, x], winner[y + 1, x + 1]])
        labels = _within(flat, places, corners, rows.share[:, y], columns.share[:, x])
        result[rows.pixel[:, np.newaxis, y], columns.pixel[:, x]] = labels
    return result


@dataclass(frozen=True)
class Axis:
    """Where the cells between `coarse` logits lie among `fine` pixels of the result, in one direction.

    Cell k lies between logits k - 1 and k, `ends[0][k]` and `ends[1][k]`; at either end of the axis both are the
    outermost one. `cell` is that of each pixel of the result. Column k of `pixel` lists the pixels of cell k,
    `count[k]` of them, and of `share` how far from the one end to the other each lies; a shorter column repeats its
    last pixel.
    """

    ends: tuple[Indices, Indices]
    cell: Indices
    count: Indices
    pixel: Indices
    share: Floats

    @classmethod
    def along(cls, coarse: int, fine: int) -> Axis:
        """The cells of one direction, pixel centres aligned as with `align_corners=False`."""
        position = (np.arange(fine) + 0.5) * (coarse / fine) - 0.5
        before = np.floor(position)
        cell = before.astype(np.intp) + 1
        count = np.bincount(cell, minlength=coarse + 1)
        nth = np.minimum(np.arange(count.max())[:, None], count - 1)
        pixel = np.clip(np.cumsum(count) - count + nth, 0, fine - 1)
        edges = np.arange(coarse + 1)
        return cls(
            ends=(np.maximum(edges - 1, 0), np.minimum(edges, coarse - 1)),
            cell=cell,
            count=count,
            pixel=pixel,
            share=(position - before).astype(np.float32)[pixel],
        )


def _within(logits: Floats, places: Indices, corners: Labels, down: Floats, across: Floats) -> Labels:
    """The winning class of each pixel of some cells, rows×columns×cells.

    Args:
        logits: classes×(h w).
        places: where each cell's corners are among those, 4×cells: above left, above right, below left, below right.
        corners: the class that wins there, 4×cells.
        down: how far down each row of a cell's pixels lies, rows×cells.
        across: how far to the right each column does, columns×cells.
    """
    labels = np.zeros((len(down), len(across), places.shape[1]), np.uint8)
    best = np.full(labels.shape, -np.inf, np.float32)
    for label, cells, corner in _contenders(logits, places, corners):
        left = corner[0] + (corner[2] - corner[0]) * down.take(cells, 1)
        right = corner[1] + (corner[3] - corner[1]) * down.take(cells, 1)
        value = (right - left)[:, np.newaxis] * across.take(cells, 1)
        value += left[:, np.newaxis]
        so_far = best.take(cells, 2)
        labels[..., cells] = np.where(value > so_far, np.uint8(label), labels.take(cells, 2))
        best[..., cells] = np.maximum(value, so_far)
    return labels


def _contenders(logits: Floats, places: Indices, corners: Labels) -> Iterator[tuple[int, Indices, Floats]]:
    """Each class, the cells that it may win in, and its logits at their corners, 4×cells.

    A class may win unless one of two that win at a corner is above it at all four.
    """
    one = corners[0]
    other = np.where(corners[1] != one, corners[1], np.where(corners[2] != one, corners[2], corners[3]))
    rivals = [(rival, logits[rival, places]) for rival in (one, other)]
    for label, plane in enumerate(logits):
        corner = plane.take(places)
        above_one, above_other = ((corner > above).any(0) | (rival == label) for rival, above in rivals)
        cells = np.flatnonzero(above_one & above_other)
        yield label, cells, corner.take(cells, 1)
