"""Which colours are too alike to be two classes of one palette, and the nearest colour that is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shared.contracts.labels import Colour
from tests.palette.colour_vision import SIGHTS, Array, ciede2000, cielab, oklab

OPACITY = 0.8
"""The opacity of masks when the page opens: `opacity` in frontend/modules/state.js."""
LEAST_OKLAB, LEAST_CIEDE2000, LEAST_MARGIN = 0.115, 11, 1.5


def confused(colours: ArrayLike, others: ArrayLike, sight: str) -> NDArray[np.bool_]:
    """Which of N colours and which of M others look too alike to somebody with that vision: N×M.

    They differ enough in OKLab and in CIEDE2000; and a mask of either, over black as over white, is nearer to its own
    colour in the legend than to the other's.
    """
    matrix = SIGHTS[sight]
    one, other = np.asarray(colours, float)[:, None], np.asarray(others, float)[None, :]
    near = _near_in_oklab(one, other, matrix)
    legend = cielab(one, matrix), cielab(other, matrix)
    near |= ciede2000(*legend) <= LEAST_CIEDE2000
    for photo in (0, 255):
        for colour, (own, foreign) in ((one, legend), (other, legend[::-1])):
            mask = cielab(OPACITY * colour + (1 - OPACITY) * photo, matrix)
            near |= ciede2000(mask, foreign) - ciede2000(mask, own) <= LEAST_MARGIN
    return near


def _near_in_oklab(one: Array, other: Array, matrix: Array) -> NDArray[np.bool_]:
    return np.linalg.norm(oklab(one, matrix) - oklab(other, matrix), axis=-1) <= LEAST_OKLAB


def free(colours: Array, others: ArrayLike) -> Array:
    """Those of N×3 colours that nobody confuses with any of the others, in the same order."""
    for matrix in SIGHTS.values():  # nearly all fail this, the rule that takes least time
        colours = colours[~_near_in_oklab(colours[:, None], np.asarray(others, float), matrix).any(1)]
    for sight in SIGHTS:
        colours = colours[~confused(colours, others, sight).any(1)]
    return colours


def nearest(wish: Colour, others: ArrayLike) -> Colour | None:
    """The free colour that looks most like the wish (OKLab, normal vision), or None if the others leave no room.

    Looked for in cubes around the wish, each twice as wide as the one before.
    """
    for radius in (4, 8, 16, 32, 64, 128, 255):
        ranges = [np.arange(max(0, value - radius), min(255, value + radius) + 1.0) for value in wish]
        candidates = np.stack(np.meshgrid(*ranges, indexing="ij"), -1).reshape(-1, 3)
        inside = (np.abs(candidates - wish) * 2 <= radius).all(1) & (radius > 4)
        candidates = candidates[~inside]  # the cube before, which had none
        normal = SIGHTS["normal"]
        order = np.argsort(np.linalg.norm(oklab(candidates, normal) - oklab(wish, normal), axis=-1), kind="stable")
        for start in range(0, len(order), 1 << 15):
            passing = free(candidates[order[start : start + (1 << 15)]], others)
            if len(passing):
                red, green, blue = (int(value) for value in passing[0])
                return red, green, blue
    return None
