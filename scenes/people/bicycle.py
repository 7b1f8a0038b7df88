"""A bicycle with every spoke; forward is +y."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Matrix

from scenes.mesh import Builder, Point

WHEEL = 0.335
REAR, FRONT = -0.53, 0.52
BRACKET: Point = (0, -0.09, 0.29)
SEAT: Point = (0, -0.24, 0.80)
HEAD: Point = (0, 0.36, 0.80)
FORK: Point = (0, 0.395, 0.68)
SPOKES = 28


def bicycle(b: Builder) -> None:
    """Frame, wheels, cranks, saddle and bars."""
    _frame(b)
    for hub in (REAR, FRONT):
        _wheel(b, hub)
    _cranks(b)
    b.ball((0, -0.28, 0.94), (0.075, 0.135, 0.032), "dark")
    left = [(-0.29, 0.22, 1.03), (-0.25, 0.30, 1.03), (-0.1, 0.36, 1.0), (0, 0.36, 0.98)]
    b.path(left + [(-x, y, z) for x, y, z in left[-2::-1]], 0.013, 8, "dark_metal")
    b.ball((0, 0.42, 0.88), (0.035, 0.03, 0.035), "metal", 10)
    b.box((-0.03, -0.62, 0.72), (0.03, -0.60, 0.76), "paint:#a01815")


def _frame(b: Builder) -> None:
    tubes: list[tuple[Point, Point, float]] = [
        (BRACKET, SEAT, 0.016),
        (SEAT, HEAD, 0.017),
        (BRACKET, FORK, 0.019),
        (SEAT, (0, -0.27, 0.92), 0.013),
        (HEAD, (0, 0.33, 0.95), 0.014),
        (HEAD, FORK, 0.020),
    ]
    for side in (-1, 1):
        tubes += [
            ((side * 0.055, REAR, WHEEL), (side * 0.03, BRACKET[1], BRACKET[2]), 0.010),
            ((side * 0.055, REAR, WHEEL), (side * 0.02, SEAT[1] + 0.01, SEAT[2] - 0.05), 0.009),
            ((side * 0.05, FRONT, WHEEL), (side * 0.03, FORK[1] + 0.01, FORK[2] - 0.02), 0.012),
        ]
    for start, end, radius in tubes:
        b.tube(start, end, radius, sides=8, material="car_plain")


def _wheel(b: Builder, hub: float) -> None:
    turns = np.linspace(0, 2 * math.pi, 49)

    def on_wheel(radius: float, turn: float, x: float = 0.0, around: float = 0.0) -> tuple[float, float, float]:
        return x, hub + radius * math.cos(turn + around), WHEEL + radius * math.sin(turn + around)

    b.path([on_wheel(WHEEL - 0.018, t) for t in turns], 0.018, 8, "rubber")
    b.path([on_wheel(WHEEL - 0.042, t) for t in turns], 0.011, 6, "rim")
    b.path([on_wheel(WHEEL + 0.02, t) for t in np.linspace(0.3, 2.7, 18)], 0.018, 6, "dark_metal")
    b.tube((-0.05, hub, WHEEL), (0.05, hub, WHEEL), 0.018, sides=8)
    for i in range(SPOKES):
        turn = 2 * math.pi * i / SPOKES
        start = on_wheel(0.018, turn, 0.03 if i % 4 >= 2 else -0.03, 1.1 if i % 2 else -1.1)
        b.tube(start, on_wheel(WHEEL - 0.045, turn), 0.0016, sides=3, caps=False)


def _cranks(b: Builder) -> None:
    _, y, z = BRACKET
    b.lathe([(0.09, 0.04), (0.09, 0.046), (0, 0.046)], 20, "dark_metal", "x", Matrix.Translation(BRACKET))
    for side in (-1, 1):
        pedal = (side * 0.08, y + side * 0.12, z - side * 0.12)
        b.tube((side * 0.06, y, z), pedal, 0.010, sides=6)
        low, high = sorted((pedal[0], pedal[0] + side * 0.09))
        b.box((low, pedal[1] - 0.04, pedal[2] - 0.01), (high, pedal[1] + 0.04, pedal[2] + 0.012), "dark")
