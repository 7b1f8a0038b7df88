"""A mask as polygons along the edges of its pixels: filled, they are the mask again.

COCO's polygons know no holes. So a mask is cut into strips, each from side to side, such that every hole is cut
through; in its strips it is a bay of the outline, and no hole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Loop = list[tuple[int, int]]
"""Corners, x and y in px, with the mask on the right hand; a hole's run the other way round."""


def polygons(mask: Mask) -> Iterator[list[int]]:
    """Outlines of what of a mask touches by its sides, without holes: x, y, x, y, ... of each one's corners."""
    edges = [0, *cuts(mask), len(mask)]
    for top, bottom in pairwise(edges):
        for loop in loops(mask[top:bottom]):
            yield [value for x, y in loop for value in (x, y + top)]


def cuts(mask: Mask) -> list[int]:
    """Rows before which a mask is cut, so that each hole has rows on both sides, or its first row at a cut."""
    holes = [[y for _, y in loop] for loop in loops(mask) if _area(loop) < 0]
    found: list[int] = []
    for last, first in sorted((max(rows) - 1, min(rows)) for rows in holes):
        if not found or found[-1] < first:
            found.append(last)
    return found


def loops(mask: Mask) -> Iterator[Loop]:
    """Every outline of a mask, of the whole and of its holes."""
    following = _edges(mask)
    while following:
        start = next(iter(following))
        at, heading = start, next(iter(following[start]))
        first, loop = heading, Loop()
        while True:
            x, y = at
            ways = following[at]
            # Two ways lead on where pixels touch by a corner alone: turning right keeps those apart.
            turned = heading if len(ways) == 1 and heading in ways else _right_of(heading, ways)
            if turned != heading or not loop:
                loop.append(at)
            ways.discard(turned)
            if not ways:
                del following[at]
            heading = turned
            at = x + heading[0], y + heading[1]
            if at == start and (at not in following or _right_of(heading, following[at]) == first):
                break
        if len(loop) > 1 and heading == first:
            loop.pop(0)  # in the middle of a straight line
        yield loop


def _right_of(heading: tuple[int, int], ways: set[tuple[int, int]]) -> tuple[int, int]:
    """The way most to the right of where one is heading; y points down."""
    dx, dy = heading
    return next(way for way in ((-dy, dx), (dx, dy), (dy, -dx)) if way in ways)


def _edges(mask: Mask) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """Where the outline goes on from each of its corners: one way, or two where pixels touch by a corner."""
    inside = np.pad(mask, 1).astype(np.int8)
    following: dict[tuple[int, int], set[tuple[int, int]]] = {}
    down, across = np.diff(inside, axis=0)[:, 1:-1], np.diff(inside, axis=1)[1:-1]
    for change, value, shift, way in (
        (down, 1, (0, 0), (1, 0)),  # above the mask, to the right
        (down, -1, (1, 0), (-1, 0)),  # below it, to the left
        (across, -1, (0, 0), (0, 1)),  # right of it, down
        (across, 1, (0, 1), (0, -1)),  # left of it, up
    ):
        rows, columns = np.nonzero(change == value)
        for x, y in zip((columns + shift[0]).tolist(), (rows + shift[1]).tolist(), strict=True):
            following.setdefault((x, y), set()).add(way)
    return following


def _area(loop: Loop) -> int:
    """Twice the area that a loop encloses; negative for a hole."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(loop, [*loop[1:], loop[0]], strict=True))
