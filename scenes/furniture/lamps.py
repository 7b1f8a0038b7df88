"""Street lamps: old lanterns, and tall ones with an arm."""

from __future__ import annotations

import math
from typing import Any

from mathutils import Matrix

from scenes.furniture.placing import TO_ROAD, stand
from scenes.label import Label
from scenes.mesh import Builder
from scenes.site import Site

HEIGHTS = {"mast": 7.0, "short": 5.2}
SPACING = {"lantern": 15.0, "mast": 26.0, "short": 20.0}
LIT = 12
"""So many lamps shine at dusk; those further away only glow."""


def place(site: Site) -> None:
    """Lamps along the kerb, lanterns on both sides and tall ones on one."""
    rng = site.random("lamps")
    p = site.parameters
    old = p.kind in ("oldtown", "brick") and rng.random() < 0.7
    kind = "lantern" if old else rng.choice(["mast", "mast", "short"])
    step = SPACING[kind] * rng.uniform(0.9, 1.1)
    lit = 0
    for side in (1, -1) if old else (rng.choice([-1, 1]),):
        along = rng.uniform(6, 14)
        while along < p.length - 5:
            if not site.on_crossing(along, 1.5) and not site.before_lens(along, side, 11):
                across = side * (p.half + 0.45)
                at = stand(site, along, across, TO_ROAD[side] + math.pi)
                mesh = site.mesh(("lamp", kind), lambda b: _build(b, kind, p.dark))
                site.place(mesh, Label.POLE, at)
                if p.dark and lit < LIT:
                    _shine(site, kind, at)
                    lit += 1
                site.take(along, across)
            along += step


def _shine(site: Site, kind: str, at: Any) -> None:
    colour = (1.0, 0.62, 0.30)
    if kind == "lantern":
        site.light("POINT", at @ Matrix.Translation((0, 0, 3.5)), watts=260, colour=colour)
    else:
        head = Matrix.Translation((0, -1.45, HEIGHTS[kind] + 0.36))
        site.light("SPOT", at @ head, watts=900, colour=colour, angle=150)


def _build(b: Builder, kind: str, dark: bool) -> None:
    bulb = "glow:#ffcf8a*60" if dark else "paint:#d8d8d0"
    if kind == "lantern":
        _lantern(b, bulb)
    else:
        _mast(b, HEIGHTS[kind], "galvanised" if kind == "mast" else "dark_metal", bulb)


def _lantern(b: Builder, bulb: str) -> None:
    iron = "paint:#1f2a26"
    foot = [(0.16, 0), (0.16, 0.12), (0.11, 0.2), (0.10, 0.6), (0.13, 0.65), (0.06, 0.75)]
    shaft = [(0.05, 3.3), (0.08, 3.35), (0.05, 3.42), (0.05, 3.6)]
    b.lathe(foot + shaft, 16, iron)
    b.box((-0.3, -0.02, 3.3), (0.3, 0.02, 3.34), iron)
    b.lathe([(0.08, 3.6), (0.19, 4.05)], 6, "window", smooth=False)
    b.lathe([(0.24, 4.05), (0.21, 4.12), (0.08, 4.28), (0.03, 4.36), (0, 4.42)], 6, iron, smooth=False)
    b.ball((0, 0, 3.85), (0.07, 0.07, 0.12), bulb, 10)


def _mast(b: Builder, height: float, metal: str, bulb: str) -> None:
    b.lathe([(0.11, 0), (0.11, 0.9), (0.085, 1.0), (0.055, height)], 14, metal)
    arm = [(0, 0, height - 0.02), (0, -0.1, height + 0.25), (0, -0.5, height + 0.42), (0, -1.2, height + 0.48)]
    b.path(arm, 0.035, 8, metal)
    b.box((-0.13, -1.75, height + 0.42), (0.13, -1.1, height + 0.52), metal, taper=0.8)
    b.box((-0.10, -1.68, height + 0.405), (0.10, -1.2, height + 0.422), bulb)
