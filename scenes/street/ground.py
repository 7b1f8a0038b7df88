"""Carriageway, kerbs, pavements, verges and front gardens."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenes.label import Label
from scenes.site import Site
from scenes.street.line import crown
from scenes.street.strip import Strip

KERB_HEIGHT = 0.13
KERB_WIDTH = 0.16
CORNER = 3.5
"""Radius of the kerb where a side street begins."""
BEYOND = 60.0
"""How far the ground reaches to either side."""
STEP = 1.5


def lay(site: Site) -> None:
    """Lay the carriageway, side streets included, and the blocks of pavement upon it."""
    _carriageway(site)
    for side, start, end in site.blocks():
        _block(site, side, start, end)


def _carriageway(site: Site) -> None:
    half, length = site.parameters.half, site.parameters.length
    along = np.append(np.arange(-40, length, STEP), length)
    edges = [-BEYOND, -half, -half / 2, 0, half / 2, half, BEYOND]
    strip = Strip(site)
    for left, right in pairwise(edges):
        strip.band(along, left, right, crown(left, half), crown(right, half), "asphalt")
    strip.lay(Label.ROAD)


def _block(site: Site, side: int, start: float, end: float) -> None:
    p = site.parameters
    along = _stations(start, end)
    outer = _kerb_line(site, along, start, end)
    inner = outer + KERB_WIDTH
    back = np.maximum(np.maximum(inner, p.half + KERB_WIDTH + p.verge) if p.verge else inner, p.half + p.pave)
    front = np.maximum(inner, p.half + KERB_WIDTH + p.verge) if p.verge else inner
    hard = np.maximum(back, p.half + p.pave + p.garden)
    paving = f"paving:{p.paving}"
    strip = Strip(site)
    strip.band(along, side * outer, side * (outer + 0.015), 0.0, KERB_HEIGHT, "kerb")
    strip.band(along, side * (outer + 0.015), side * inner, KERB_HEIGHT, KERB_HEIGHT + 0.003, "kerb")
    strip.band(along, side * front, side * back, KERB_HEIGHT + 0.003, KERB_HEIGHT + 0.02, paving)
    strip.band(along, side * hard, side * BEYOND, KERB_HEIGHT + 0.02, KERB_HEIGHT + 0.02, paving)
    for edge, inward in ((start, 1), (end, -1)):
        if -39 < edge < p.length:
            _side_kerb(strip, edge, inward, side, p.half + CORNER)
    strip.lay(Label.PAVEMENT)
    if p.garden:
        lawn = Strip(site)
        lawn.band(along, side * back, side * hard, KERB_HEIGHT + 0.02, KERB_HEIGHT + 0.04, "grass")
        lawn.lay(Label.TREE)
    if p.verge:
        verge = Strip(site)
        verge.band(along, side * inner, side * front, KERB_HEIGHT + 0.01, KERB_HEIGHT + 0.012, "grass")
        verge.lay(Label.TREE)


def _stations(start: float, end: float) -> NDArray[np.float64]:
    """Where along a block its cross-sections are: close together in its rounded corners."""
    fine = np.linspace(0, CORNER, 9)
    return np.unique(np.concatenate([start + fine, np.arange(start + CORNER, end - CORNER, STEP), end - fine]))


def _kerb_line(site: Site, along: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """The kerb's distance from the middle, drawn back in the corners at side streets."""
    from_start = along - start if start > -39 else np.full_like(along, CORNER)
    from_end = end - along if end < site.parameters.length else np.full_like(along, CORNER)
    into = np.minimum(np.minimum(from_start, from_end), CORNER)
    return np.asarray(site.parameters.half + CORNER - np.sqrt(np.maximum(0.0, CORNER**2 - (CORNER - into) ** 2)))


def _side_kerb(strip: Strip, edge: float, inward: int, side: int, begin: float) -> None:
    """The straight kerb along a side street."""
    top = KERB_HEIGHT
    places = [
        (edge, side * begin, 0.0),
        (edge, side * BEYOND, 0.0),
        (edge, side * begin, top),
        (edge, side * BEYOND, top),
        (edge + inward * KERB_WIDTH, side * begin, top + 0.003),
        (edge + inward * KERB_WIDTH, side * BEYOND, top + 0.003),
    ]
    strip.polygons(places, [(0, 1, 3, 2), (2, 3, 5, 4)], "kerb")


def surface_height(site: Site, across: float) -> float:
    """The ground's height above the line there: of the carriageway, or of the pavement."""
    half = site.parameters.half
    return crown(across, half) if abs(across) < half else KERB_HEIGHT + 0.018
