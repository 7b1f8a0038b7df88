"""Traffic signs on posts."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
from mathutils import Matrix

from scenes.furniture.placing import stand
from scenes.label import Label
from scenes.mesh import Builder, set_uv
from scenes.site import Site

SIGNS = (
    ("disc", 0.6, 0.6, "limit30"),
    ("disc", 0.6, 0.6, "limit50"),
    ("disc", 0.6, 0.6, "no_parking"),
    ("panel", 0.6, 0.6, "parking"),
    ("panel", 0.6, 0.6, "walk"),
    ("disc", 0.6, 0.6, "no_entry"),
    ("triangle", 0.86, 0.74, "give_way"),
    ("disc", 0.6, 0.6, "ahead"),
    ("panel", 0.9, 0.5, "directions"),
)
POST = 3.0
THICKNESS = 0.012


def place(site: Site) -> None:
    """A few signs for drivers, most facing the camera's lane, and those at zebra crossings."""
    rng = site.random("signs")
    p = site.parameters
    for _ in range(rng.randint(3, 7)):
        along, side = rng.uniform(7, 60), rng.choice([1, 1, -1])
        across = side * (p.half + 0.40)
        kept_free = site.on_crossing(along, 0.5) or site.before_lens(along, side, 11)
        if not kept_free and site.free(along, across, 1.5, 1.0):
            _sign(site, rng, along, across, side)
    for where in p.zebra:
        for along, side in ((where - 2.3, 1), (where + 2.3, -1)):
            if not site.before_lens(along, side, 11):
                _zebra_sign(site, along, side * (p.half + 0.35))


def _sign(site: Site, rng: Random, along: float, across: float, side: int) -> None:
    shape, width, height, face = rng.choice(SIGNS)
    turned_away = rng.random() < (0.12 if side > 0 else 0.6)
    at = stand(site, along, across, (math.pi if turned_away else 0.0) + rng.uniform(-0.12, 0.12))
    site.place(post(site, POST), Label.POLE, at)
    _plate(site, shape, width, height, face, at @ Matrix.Translation((0, -0.045, 2.62)))
    if rng.random() < 0.35:
        _plate(site, "panel", 0.5, 0.28, "notice", at @ Matrix.Translation((0, -0.045, 2.12)))
    site.take(along, across)


def _zebra_sign(site: Site, along: float, across: float) -> None:
    at = stand(site, along, across, 0.0 if across > 0 else math.pi)
    site.place(post(site, POST), Label.POLE, at)
    for turn in (0.0, math.pi):
        face = at @ Matrix.Rotation(turn, 4, "Z") @ Matrix.Translation((0, -0.045, 2.6))
        _plate(site, "panel", 0.6, 0.6, "walk", face)
    site.take(along, across)


def post(site: Site, height: float, radius: float = 0.03) -> Any:
    """The mesh of a galvanised post."""

    def build(b: Builder) -> None:
        b.tube((0, 0, -0.05), (0, 0, height), radius, sides=12, material="galvanised")
        b.ball((0, 0, height), (radius, radius, radius * 0.5), "galvanised", 10)

    return site.mesh(("post", height, radius), build)


def _plate(site: Site, shape: str, width: float, height: float, face: str, at: Any) -> None:
    mesh = site.once(("plate", shape, width, face), lambda: _plate_mesh(site, _outline(shape, width, height), face))
    site.place(mesh, Label.SIGN, at)


def _outline(shape: str, width: float, height: float) -> list[tuple[float, float]]:
    x, z = width / 2, height / 2
    if shape == "disc":
        return [(math.cos(a) * x, math.sin(a) * z) for a in np.linspace(0, 2 * math.pi, 33)[:-1]]
    if shape == "triangle":
        return [(-x, z), (0, -z), (x, z)]
    return [(-x, -z), (x, -z), (x, z), (-x, z)]


def _plate_mesh(site: Site, outline: list[tuple[float, float]], face: str) -> Any:
    """A flat plate with its face towards -y and bare metal behind."""
    b, n = Builder(), len(outline)
    front = tuple(range(n))
    b.add([(x, 0, z) for x, z in outline], [front], f"card:{face}")
    b.add([(x, THICKNESS, z) for x, z in outline], [front[::-1]], "galvanised")
    rim = [(x, y, z) for y in (0, THICKNESS) for x, z in outline]
    b.add(rim, [(i, n + i, n + (i + 1) % n, (i + 1) % n) for i in range(n)], "galvanised")
    mesh = b.mesh(site.material)
    corners = np.array(outline)
    span = corners.max(0) - corners.min(0)
    set_uv(mesh, "face", np.tile((corners - corners.min(0)) / span, (4, 1)))
    return mesh
