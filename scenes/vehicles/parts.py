"""What is on a car besides its body: wheels, seats, mirrors, plates."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
from mathutils import Matrix

from scenes.mesh import Builder, set_uv
from scenes.site import Site
from scenes.vehicles.shapes import SHAPES, Shape, at


def parts(site: Site, kind: str, variant: int) -> Any:
    """The mesh of the parts that go with a body."""
    shape = SHAPES[kind]
    rng = Random(f"{kind} {variant}")
    b = Builder()
    _wheels(b, shape, rng)
    _cabin(b, kind, shape)
    _mirrors(b, shape)
    if kind in ("hatch", "saloon") and rng.random() < 0.6:
        up = at(shape.top, shape.length - 0.6) - 0.01
        y = shape.length / 2 - shape.length
        b.tube((0, y + 0.55, up), (0, y + 0.47, up + 0.05), 0.012, 0.006, 6, "dark")
    first = b.count
    _plates(b, kind, shape, f"plate:{variant + 3 * list(SHAPES).index(kind)}")
    mesh = b.mesh(site.material)
    uv = np.zeros((b.count, 2))
    uv[first:] = np.tile([(0, 0), (1, 0), (1, 1), (0, 1)], (2, 1))
    set_uv(mesh, "face", uv)
    return mesh


def _wheels(b: Builder, shape: Shape, rng: Random) -> None:
    spokes = rng.choice([5, 5, 6, 7, 10])
    for where in shape.wheels:
        out = at(shape.half, where) - 0.115
        for side in (-1, 1):
            place = Matrix.Translation((side * out, shape.length / 2 - where, shape.radius))
            with b.within(place if side > 0 else place @ Matrix.Rotation(math.pi, 4, "Z")):
                _wheel(b, shape.radius, spokes)


def _wheel(b: Builder, radius: float, spokes: int) -> None:
    """Tyre, dish, rim and spokes, its outer face towards +x."""
    rim = radius * 0.66
    tread = [(radius - 0.03, 0.10), (radius - 0.008, 0.085), (radius, 0.06)]
    tyre = [
        (rim, -0.095),
        *((r, -x) for r, x in tread),
        *((r, x) for r, x in reversed(tread)),
        (rim + 0.01, 0.092),
        (rim, 0.085),
    ]
    b.lathe(tyre, 36, "rubber", "x")
    b.lathe([(rim, 0.088), (rim - 0.015, 0.08), (rim - 0.03, 0.03), (0.03, 0.02), (0, 0.02)], 36, "dark", "x")
    b.lathe([(rim + 0.002, 0.086), (rim + 0.002, 0.094), (rim - 0.014, 0.094), (rim - 0.020, 0.07)], 36, "rim", "x")
    b.lathe([(0.07, 0.05), (0.065, 0.075), (0.03, 0.085), (0, 0.085)], 18, "rim", "x")
    half = 0.030 if spokes < 8 else 0.016
    foot = [
        (0.055, -half * 1.3, 0.04),
        (0.055, half * 1.3, 0.04),
        (0.065, half, rim - 0.01),
        (0.065, -half, rim - 0.01),
    ]
    face = [
        (0.082, -half, 0.04),
        (0.082, half, 0.04),
        (0.090, half * 0.7, rim - 0.01),
        (0.090, -half * 0.7, rim - 0.01),
    ]
    for i in range(spokes):
        turn = Matrix.Rotation(2 * math.pi * i / spokes, 4, "X")
        b.add(foot + face, [(4, 5, 6, 7), (0, 4, 7, 3), (1, 2, 6, 5), (3, 7, 6, 2)], "rim", at=turn)


def _cabin(b: Builder, kind: str, shape: Shape) -> None:
    """The floor, dashboard, seats and steering wheel that are seen through the windows."""
    door = shape.doors[0]
    belt = at(shape.belt, door + 0.3)

    def y(where: float) -> float:
        return shape.length / 2 - where

    b.box((-0.62, y(shape.length - 0.35), 0.24), (0.62, y(0.35), 0.50), "dark")
    b.box((-0.80, y(shape.wheels[1] - 0.5), 0.24), (0.80, y(shape.wheels[0] + 0.5), 0.42), "dark")
    b.box((-0.70, y(door + 0.55), 0.5), (0.70, y(door - 0.1), belt - 0.02), "seat")
    for row in (door + 0.85,) if kind == "van" else (door + 1.15, door + 1.95):
        for x in (-0.36, 0.36):
            seat = Matrix.Translation((x, y(row), 0.42)) @ Matrix.Rotation(0.22, 4, "X")
            b.box((-0.24, -0.07, 0), (0.24, 0.07, 0.62), "seat", seat, 0.85)
            b.box((-0.12, -0.05, 0.66), (0.12, 0.05, 0.84), "seat", seat, 0.9)
    if kind == "van":
        b.box((-0.85, y(2.45), 0.4), (0.85, y(2.40), 1.8), "dark")
    turns = np.linspace(0, 2 * math.pi, 17)
    ring = [
        (-0.36 + 0.18 * math.cos(a), y(door + 0.62) + 0.06 * math.sin(a), belt - 0.02 + 0.17 * math.sin(a))
        for a in turns
    ]
    b.path(ring, 0.014, 6, "dark")


def _mirrors(b: Builder, shape: Shape) -> None:
    where = shape.doors[0] + 0.3
    out, up, y = at(shape.half, where), at(shape.belt, where) + 0.075, shape.length / 2 - where - 0.04
    for side in (-1, 1):
        x = side * (out + 0.06)
        b.ball((x, y, up), (0.105, 0.06, 0.07), "car_plain", 16, 0.65)
        low, high = sorted((side * (out - 0.06), side * (out + 0.03)))
        b.box((low, y - 0.03, up - 0.075), (high, y + 0.03, up - 0.025), "dark")
        glass = [
            (x + dx, y - 0.063, up + dz) for dx, dz in ((-0.08, -0.05), (0.08, -0.05), (0.08, 0.05), (-0.08, 0.05))
        ]
        b.add(glass, [(0, 1, 2, 3)], "mirror")


def _plates(b: Builder, kind: str, shape: Shape, material: str) -> None:
    rear = 0.72 if kind != "saloon" else 0.70
    for y, up, facing in ((shape.length / 2 + 0.012, 0.485, 1), (-shape.length / 2 - 0.006, rear, -1)):
        half = facing * 0.26
        corners = [(half, up - 0.055), (-half, up - 0.055), (-half, up + 0.055), (half, up + 0.055)]
        b.add([(x, y, z) for x, z in corners], [(0, 1, 2, 3)], material)
