"""Railings along the kerb; fences, walls and hedges around front gardens."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
from mathutils import Matrix

from scenes.colour import linear
from scenes.label import Label
from scenes.mesh import Builder, pose
from scenes.plants.hedge import add_hedge
from scenes.site import Site

PICKET_PAINTS = ("paint:#d8d6cf", "paint:#5a4632", "paint:#8a8378", "paint:#3c4a3c")
GATE = 1.2


def railing(site: Site, start: float, end: float, across: float) -> None:
    """Posts, two rails, and bars every 12 cm."""
    b, line, foot = Builder(), site.line, 0.14
    posts = np.linspace(start, end, max(1, round((end - start) / 2.0)) + 1)
    for along in posts:
        b.tube(
            line.point(along, across, foot),
            line.point(along, across, foot + 1.05),
            0.024,
            sides=8,
            material="galvanised",
        )
    for a, e in pairwise(posts):
        for up in (0.12, 1.03):
            b.tube(
                line.point(a, across, foot + up),
                line.point(e, across, foot + up),
                0.019,
                sides=8,
                material="galvanised",
            )
        for along in np.linspace(a, e, int((e - a) / 0.12) + 1)[1:-1]:
            low, high = line.point(along, across, foot + 0.12), line.point(along, across, foot + 1.03)
            b.tube(low, high, 0.008, sides=5, material="galvanised", caps=False)
    site.add(b, Label.FENCE)


def enclose_gardens(site: Site) -> None:
    """Each garden along the pavement gets its own boundary, with a gap for the gate."""
    p = site.parameters
    if not p.garden:
        return
    rng = site.random("gardens")
    for side, start, end in site.blocks():
        along = max(0.0, start + 3 if start > -39 else 0.0)
        end = end - 3 if end < p.length else p.length - 8
        while along < end - 4:
            until = min(end, along + rng.uniform(9, 14))
            _boundary(site, rng, side, along, until)
            along = until


def _boundary(site: Site, rng: Random, side: int, start: float, end: float) -> None:
    kind = rng.choice(["hedge", "picket", "iron", "wall", "wall and hedge", "picket"])
    gate = start + (end - start) * rng.uniform(0.3, 0.7)
    paint = rng.choice(PICKET_PAINTS)
    height = rng.uniform(0.9, 1.5)
    for a, e in ((start, gate - GATE / 2), (gate + GATE / 2, end - 0.05)):
        if e - a < 0.6:
            continue
        at, length = _beside_pavement(site, side, a, e)
        if "hedge" in kind:
            back = Matrix.Translation((0, 0.08 if side < 0 else -0.12, 0))
            add_hedge(site, length, 0.5, height, at @ back, rng.randrange(999))
        if "wall" in kind:
            _wall(site, length, at)
        if kind == "picket":
            _pickets(site, length, at, paint)
        if kind == "iron":
            _iron_bars(site, length, at)


def _beside_pavement(site: Site, side: int, start: float, end: float) -> tuple[Any, float]:
    """Coordinates with x along the back of the pavement, and the distance."""
    p = site.parameters
    across = side * (p.half + p.pave + 0.12)
    a, e = site.line.point(start, across, 0.15), site.line.point(end, across, 0.15)
    at = pose(a, site.line.heading((start + end) / 2)) @ Matrix.Rotation(math.pi / 2, 4, "Z")
    return (at if side < 0 else at @ Matrix.Translation((0, -0.4, 0))), math.dist(a[:2], e[:2])


def _wall(site: Site, length: float, at: Any) -> None:
    b = Builder()
    b.box((0, 0, 0), (length, 0.22, 0.75), "brick")
    b.box((-0.02, -0.03, 0.75), (length + 0.02, 0.25, 0.82), "concrete")
    site.add(b, Label.BUILDING, at, linear("#8a6048"))


def _pickets(site: Site, length: float, at: Any, paint: str) -> None:
    b, top = Builder(), 1.0
    _rails_and_posts(b, length, top, 0.08, paint)
    for x in np.arange(0, length - 0.075, 0.13):
        right = x + 0.075
        b.box((x, 0, 0.06), (right, 0.03, top), paint)
        tip = [(px, py, pz) for py in (0, 0.03) for px, pz in ((x, top), (right, top), (x + 0.0375, top + 0.07))]
        b.add(tip, [(0, 1, 2), (5, 4, 3), (0, 2, 5, 3), (2, 1, 4, 5)], paint)
    site.add(b, Label.FENCE, at)


def _iron_bars(site: Site, length: float, at: Any) -> None:
    b, top = Builder(), 1.15
    _rails_and_posts(b, length, top, 0.03, "dark_metal")
    for x in np.arange(0, length - 0.018, 0.11):
        b.box((x, 0.04, 0.06), (x + 0.018, 0.058, top), "dark_metal")
    site.add(b, Label.FENCE, at)


def _rails_and_posts(b: Builder, length: float, top: float, rail: float, material: str) -> None:
    for up in (0.25, 0.78):
        b.box((0, 0.03, up), (length, 0.07, up + rail), material)
    for x in np.arange(0, length, 2.0):
        b.box((x, 0.02, 0), (x + 0.1, 0.12, top + 0.08), material)
