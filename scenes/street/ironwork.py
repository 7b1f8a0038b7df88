"""Manhole covers and gullies."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from scenes.label import Label
from scenes.site import Site
from scenes.street.line import crown
from scenes.street.strip import Strip


def lay(site: Site) -> None:
    """A few covers in the lanes, and a gully every 17 m along both kerbs."""
    rng = site.random("ironwork")
    strip = Strip(site)
    for _ in range(7):
        _cover(strip, site, rng)
    for along in np.arange(6.0, 90.0, 17.0):
        for side in (-1, 1):
            if not site.on_crossing(along, 4.0):
                _gully(strip, site.parameters.half, float(along), side)
    strip.lay(Label.ROAD)


def _cover(strip: Strip, site: Site, rng: Random) -> None:
    along, across = rng.uniform(6, 70), rng.uniform(-0.7, 0.7) * site.parameters.lane
    for radius, material, up in ((0.34, "concrete", 0.002), (0.31, "dark", 0.003), (0.30, "iron", 0.004)):
        ring = [(radius * math.cos(a), radius * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 25)[:-1]]
        places = [(along + y, across + x, crown(across + x, site.parameters.half) + up) for x, y in ring]
        strip.polygons(places, [tuple(range(24))], material)


def _gully(strip: Strip, half: float, along: float, side: int) -> None:
    outer, inner = side * (half - 0.42), side * (half - 0.04)

    def slab(start: float, end: float, a: float, b: float, up: float, material: str) -> None:
        order = (0, 1, 2, 3) if side > 0 else (3, 2, 1, 0)
        places = [(start, a, up), (start, b, up), (end, b, up), (end, a, up)]
        strip.polygons(places, [order], material)

    slab(along, along + 0.45, outer, inner, 0.012, "iron")
    for i in range(6):
        start = along + 0.05 + 0.065 * i
        slab(start, start + 0.035, outer + side * 0.05, inner - side * 0.05, 0.016, "dark")
