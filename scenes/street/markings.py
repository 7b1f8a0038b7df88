"""Paint on the road."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.label import Label
from scenes.site import Site
from scenes.street.line import crown
from scenes.street.strip import Strip

START = -10.0


def paint(site: Site) -> None:
    """Paint all lines, crossings and arrows."""
    brush = Brush(site)
    _middle(brush)
    _parking(brush)
    _edges(brush)
    for where in site.parameters.zebra:
        _zebra(brush, where)
    for where, width in site.parameters.crossings:
        _junction(brush, where, width)
    if site.parameters.arrow:
        _arrow(brush, site.parameters.arrow)
    if brush.strip:
        brush.strip.lay(Label.ROAD)


class Brush:
    """Paints bars on the carriageway, a few millimetres above it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.strip = Strip(site)

    def bar(self, start: float, end: float, left: float, right: float, colour: str = "w") -> None:
        """A rectangle, in pieces short enough to follow bends and camber."""
        along = np.linspace(start, end, max(2, int(abs(end - start) / 1.5) + 1))
        across = np.linspace(left, right, max(2, int(abs(right - left) / 0.5) + 1))
        for a, b in pairwise(across):
            self.strip.band(along, float(a), float(b), self.up(a), self.up(b), f"marking:{colour}")

    def up(self, across: float) -> float:
        """The height of paint there."""
        return crown(across, self.site.parameters.half) + 0.004

    def stations(self, step: float, length: float = 0.0) -> list[float]:
        """Every `step` metres, where a line of `length` metres keeps off side streets and zebras."""
        every = np.arange(START, self.site.parameters.length, step)
        return [float(s) for s in every if not self._kept_free(s) and not self._kept_free(s + length)]

    def _kept_free(self, along: float) -> bool:
        return self.site.on_crossing(along, 1.0) or self.site.on_zebra(along, 4.5)


def _middle(brush: Brush) -> None:
    centre = brush.site.parameters.centre
    if centre == "dash":
        for s in brush.stations(7.5, 3.0):
            brush.bar(s, s + 3, -0.06, 0.06)
    elif centre == "solid":
        for s in brush.stations(1.5):
            brush.bar(s, s + 1.5, -0.06, 0.06)


def _parking(brush: Brush) -> None:
    p = brush.site.parameters
    if not p.parking:
        return
    for i, s in enumerate(brush.stations(1.0)):
        for side in (-1, 1):
            brush.bar(s, s + 0.5, side * (p.lane - 0.05), side * (p.lane + 0.05))
            if i % 6 == 0:
                brush.bar(s, s + 0.1, side * p.lane, side * (p.half - 0.1))


def _edges(brush: Brush) -> None:
    p = brush.site.parameters
    if p.edge:
        for s in brush.stations(1.5):
            for side in (-1, 1):
                brush.bar(s, s + 1.5, side * (p.half - 0.42), side * (p.half - 0.30), p.edge)


def _zebra(brush: Brush, where: float) -> None:
    p = brush.site.parameters
    for left in np.arange(-p.half + 0.35, p.half - 0.5, 1.0):
        brush.bar(where - 1.6, where + 1.6, float(left), float(left) + 0.5)
    brush.bar(where - 4.0, where - 3.6, 0.1, p.lane - 0.1)
    brush.bar(where + 3.6, where + 4.0, -p.lane + 0.1, -0.1)


def _junction(brush: Brush, where: float, width: float) -> None:
    p = brush.site.parameters
    if not brush.site.on_zebra(where, width / 2 + 9):
        brush.bar(where - width / 2 - 2.2, where - width / 2 - 1.8, 0.1, p.lane - 0.1)
    for side in (-1, 1):
        for s in np.arange(-width / 2 + 0.5, width / 2 - 0.5, 0.9):
            brush.bar(where + s, where + s + 0.5, side * (p.half + 0.3), side * (p.half + 0.6))


def _arrow(brush: Brush, start: float) -> None:
    middle = brush.site.parameters.lane / 2
    brush.bar(start, start + 2.6, middle - 0.08, middle + 0.08)
    head = [(start + 2.6, middle - 0.35), (start + 2.6, middle + 0.35), (start + 4.0, middle)]
    brush.strip.polygons([(s, t, brush.up(t)) for s, t in head], [(0, 1, 2)], "marking:w")
