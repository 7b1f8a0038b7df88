"""Traffic lights at the first side street of wide streets."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from mathutils import Matrix

from scenes.furniture.barriers import railing
from scenes.furniture.placing import stand
from scenes.furniture.signs import post
from scenes.label import Label
from scenes.mesh import Builder
from scenes.site import Site

LENSES = (("#ff2a14", "#3a0906"), ("#ffb020", "#3a2606"), ("#22ffa0", "#06301f"))
"""Red, amber and green, shining and dark."""


def place(site: Site) -> None:
    """Two signals for either direction, all of one colour; sometimes with railings."""
    rng = site.random("signals")
    p = site.parameters
    if not p.crossings or (p.half <= 5.0 and rng.random() > 0.25):
        return
    where, width = p.crossings[0]
    shining = rng.choice([0, 2])
    for along, side in ((-2.4, 1), (1.5, 1), (2.4, -1), (-1.5, -1)):
        along += where + math.copysign(width / 2, along)
        if not site.before_lens(along, side, 11):
            across = side * (p.half + 0.5)
            at = stand(site, along, across, 0.0 if side > 0 else math.pi)
            site.place(site.mesh(("signal", shining), lambda b: _head(b, shining, p.dark)), Label.SIGN, at)
            site.place(post(site, 3.5, 0.055), Label.POLE, at @ Matrix.Translation((0, 0.2, 0)))
            site.take(along, across)
    if rng.random() < 0.5:
        for side in (-1, 1):
            across = side * (p.half + 0.30)
            railing(site, where - width / 2 - 12, where - width / 2 - 4.5, across)
            railing(site, where + width / 2 + 4.5, where + width / 2 + 12, across)


def _head(b: Builder, shining: int, dark: bool) -> None:
    """Three lenses with hoods before a back board, facing -y."""
    black = "paint:#15171a"
    b.box((-0.16, -0.06, 2.25), (0.16, 0.14, 3.25), black)
    b.box((-0.24, 0.02, 2.17), (0.24, 0.035, 3.33), black)
    turns = np.linspace(0, math.pi, 13)
    for i, (bright, off) in enumerate(LENSES):
        z = 3.07 - 0.32 * i
        lens = f"glow:{bright}*{5 if dark else 2.2}" if i == shining else f"paint:{off}"
        facing = Matrix.Translation((0, -0.062, z)) @ Matrix.Rotation(math.pi / 2, 4, "X")
        b.lathe([(0.115, 0), (0.115, 0.005), (0, 0.02)], 20, lens, at=facing)
        arc = [(0.125 * math.cos(t), z + 0.125 * math.sin(t)) for t in turns]
        for (x0, z0), (x1, z1) in pairwise(arc):
            b.quad((x0, -0.06, z0), (x1, -0.06, z1), (x1, -0.22, z1), (x0, -0.22, z0), "dark")
