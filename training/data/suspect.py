"""LabelMeFacade's pixels whose label is probably wrong.

The source labelled every polygon whose name contains a keyword: "tree" is also in "street", "sky" in "skyscraper", and
vans have windows too. `sets/labelmefacade.json` tells more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUILDING, DOOR, SKY, VEGETATION, WINDOW = 1, 3, 6, 7, 8

Map = NDArray[np.float64]


def suspect(rgb: NDArray[np.uint8], ids: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the label of a photo, H×W×3 bytes, is probably wrong; `ids`: H×W, the source's own at full size.

    Vegetation that is not green and lies low (a road) or is thin (a lamp), windows and doors with no wall round them (a
    vehicle's), and sky full of edges (a tower, or bare trees).
    """
    colours = rgb.astype(np.float64)
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    vegetation = ids == VEGETATION
    greenness = (2 * green - red - blue) / (colours.sum(-1) + 1)
    not_green = vegetation & (_mean_within(greenness, vegetation, 15) < 0.05)
    low = np.arange(len(ids))[:, None] > 0.5 * len(ids)
    thin = _share(vegetation, 12) < 0.35
    glass = np.isin(ids, (DOOR, WINDOW)) & (_share(np.isin(ids, (BUILDING, DOOR, WINDOW)), 30) < 0.5)
    sky = ids == SKY
    busy = sky & (_mean_within(_edges(colours), sky, 20) > 18) & (_share(sky, 20) > 0.5)
    return (not_green & (low | thin)) | glass | busy


def _edges(colours: Map) -> Map:
    luma = colours @ np.array([0.299, 0.587, 0.114])
    down = np.abs(np.diff(luma, axis=0, prepend=luma[:1]))
    return down + np.abs(np.diff(luma, axis=1, prepend=luma[:, :1]))


def _mean_within(values: Map, where: NDArray[np.bool_], radius: int) -> Map:
    """Mean of `values` over the pixels of `where` that lie in the square of `radius` px round each pixel."""
    return _box_sum(values * where, radius) / np.maximum(_box_sum(where, radius), 1)


def _share(where: NDArray[np.bool_], radius: int) -> Map:
    """Share of the pixels of `where` in the square of `radius` px round each pixel, cut at the border."""
    return _box_sum(where, radius) / _box_sum(np.ones(where.shape), radius)


def _box_sum(values: NDArray[np.generic], radius: int) -> Map:
    """Sum over the square of `radius` px round each pixel, cut at the border, by differences of a summed-area table."""
    height, width = values.shape
    table = np.zeros((height + 1, width + 1))
    np.cumsum(np.cumsum(values, 0, dtype=np.float64), 1, out=table[1:, 1:])
    rows, columns = np.arange(height), np.arange(width)
    top, bottom = np.clip(rows - radius, 0, height), np.clip(rows + radius + 1, 0, height)
    left, right = np.clip(columns - radius, 0, width), np.clip(columns + radius + 1, 0, width)
    return (
        table[np.ix_(bottom, right)]
        - table[np.ix_(top, right)]
        - table[np.ix_(bottom, left)]
        + table[np.ix_(top, left)]
    )
