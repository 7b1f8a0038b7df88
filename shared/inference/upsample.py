"""Coarse logits to a label map of any size: bilinear interpolation and arg-max, computed only where classes meet.

Four neighbouring logits span a cell of the result. Bilinear interpolation is a convex combination of them, so a class
that wins at all four corners wins in the whole cell: a copy. Of the cells in between, most are left with two classes,
because one that lies below another at all four corners lies below it everywhere between them.

The result is that of PyTorch's `F.interpolate(mode="bilinear", align_corners=False)` and arg-max, for a tenth of the
work.
"""

from __future__ import annotations

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
    above = np.empty(winner.shape, bool)
    label_there = above.view(np.uint8)
    for label in range(1, len(logits)):
        np.greater(logits[label], best, out=above)
        label_there *= np.uint8(label)
        np.maximum(winner, label_there, out=winner)  # labels rise, so the last that was above is the largest
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
    step = max(1, CHUNK // (len(rows.pixel) * len(columns.pixel)))
    # By `take` and by indices of flat arrays: with rows and columns numpy takes several times as long.
    flat, labels = logits.reshape(len(logits), -1), result.reshape(-1)
    for y, x in ((i[start : start + step], j[start : start + step]) for start in range(0, len(i), step)):
        places = np.stack([row[y] * logits.shape[2] + column[x] for row in rows.ends for column in columns.ends])
        first = y * winner.shape[1] + x
        corners = np.stack([winner.take(first + k) for k in (0, 1, winner.shape[1], winner.shape[1] + 1)])
        pixels = (rows.pixel.take(y, 1) * width)[:, np.newaxis] + columns.pixel.take(x, 1)
        labels[pixels] = _within(flat, places, corners, rows.share.take(y, 1), columns.share.take(x, 1))
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
    # Two that win at a corner are computed everywhere, any other only where neither is above it at all four.
    one = corners[0]
    other = np.where(corners[1] != one, corners[1], np.where(corners[2] != one, corners[2], corners[3]))
    first, second = np.minimum(one, other), np.maximum(one, other)
    two = [logits.reshape(-1).take(label * np.intp(logits.shape[1]) + places) for label in (first, second)]
    best, value = (_between(corner, down, across) for corner in two)
    labels = np.where(value > best, second, first)
    np.maximum(best, value, out=best)
    for label, plane in enumerate(logits):
        corner = plane.take(places)
        cells = np.flatnonzero((corner > two[0]).any(0) & (corner > two[1]).any(0))
        value = _between(corner.take(cells, 1), down.take(cells, 1), across.take(cells, 1))
        so_far, winner = best.take(cells, 2), labels.take(cells, 2)
        wins = (value > so_far) | ((value == so_far) & (label < winner))
        labels[..., cells] = np.where(wins, np.uint8(label), winner)
        best[..., cells] = np.maximum(value, so_far)
    return labels


def _between(corner: Floats, down: Floats, across: Floats) -> Floats:
    """A class's logits at the pixels of some cells, rows×columns×cells, from those at their corners; see `_within`."""
    left = corner[0] + (corner[2] - corner[0]) * down
    right = corner[1] + (corner[3] - corner[1]) * down
    value = (right - left)[:, np.newaxis] * across
    value += left[:, np.newaxis]
    return value
