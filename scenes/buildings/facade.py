"""One wall of a house: storeys with openings in them. x runs along the wall, -y out of it, z up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from scenes.buildings.style import Style
from scenes.mesh import Builder

Hole = tuple[float, float, float, float]
"""Left, right, foot and top of an opening."""

DOORS = ("paint:#3b2a20", "paint:#1f3528", "paint:#27344a", "paint:#5a1f1c", "wood", "paint:#5e5a52", "paint:#2b2b2b")
BLINDS = ("curtain", "curtain", "paint:#b9b4a6", "paint:#8d8a82", "paint:#c9c5b8")


class Facade:
    """Draws the pieces of a wall into a builder; `near` ones get the detail that only a close look shows."""

    def __init__(self, builder: Builder, rng: Random, style: Style, near: bool) -> None:
        self.b, self.rng, self.style, self.near = builder, rng, style, near

    def rect(self, x0: float, x1: float, z0: float, z1: float, material: str, y: float = 0.0) -> None:
        """An upright rectangle facing out."""
        if x1 - x0 > 1e-4 and z1 - z0 > 1e-4:
            self.b.quad((x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1), material)

    def storey(self, holes: Sequence[Hole], x0: float, x1: float, z0: float, z1: float, material: str) -> None:
        """A stretch of wall around its openings."""
        x = x0
        for left, right, foot, top in sorted(holes):
            self.rect(x, left, z0, z1, material)
            self.rect(left, right, z0, foot, material)
            self.rect(left, right, top, z1, material)
            x = right
        self.rect(x, x1, z0, z1, material)

    def reveal(self, hole: Hole, depth: float, material: str, y: float = 0.0) -> None:
        """The inner sides of an opening, from y to `depth`."""
        left, right, foot, top = hole
        quad = self.b.quad
        quad((left, y, foot), (left, y, top), (left, depth, top), (left, depth, foot), material)
        quad((right, y, top), (right, y, foot), (right, depth, foot), (right, depth, top), material)
        quad((left, y, top), (right, y, top), (right, depth, top), (left, depth, top), material)
        quad((right, y, foot), (left, y, foot), (left, depth, foot), (right, depth, foot), material)

    def window(self, hole: Hole, depth: float = 0.17, sill: bool = True) -> None:
        """Reveal, frame, panes, something behind them, and a sill."""
        left, right, foot, top = hole
        self.reveal(hole, depth + 0.05, self.style.wall)
        self._frame(hole, depth)
        # Panes tilt by a hair each, so that reflections break up from window to window.
        tilt, lean = self.rng.uniform(-0.012, 0.012), self.rng.uniform(-0.012, 0.012)
        corners = [
            (left, depth + tilt, foot),
            (right, depth + lean, foot),
            (right, depth - tilt, top),
            (left, depth - lean, top),
        ]
        self.b.add(corners, [(0, 1, 2, 3)], "window")
        self._hangings(hole, depth)
        back = depth + 0.9
        self.reveal(hole, back, "interior", depth + 0.05)
        self.rect(left - 0.3, right + 0.3, foot - 0.3, top + 0.3, "interior", back)
        if sill:
            self.b.box((left - 0.07, -0.08, foot - 0.07), (right + 0.07, 0.06, foot), "trim")

    def _frame(self, hole: Hole, depth: float) -> None:
        left, right, foot, top = hole
        width, height, middle = right - left, top - foot, (left + right) / 2
        front, back = depth - 0.03, depth + 0.03

        def bar(x0: float, x1: float, z0: float, z1: float, inset: float = 0.0) -> None:
            self.b.box((x0, front + inset, z0), (x1, back - inset, z1), self.style.frame)

        for x0, x1, z0, z1 in (
            (left, left + 0.06, foot, top),
            (right - 0.06, right, foot, top),
            (left, right, foot, foot + 0.06),
            (left, right, top - 0.06, top),
        ):
            bar(x0, x1, z0, z1)
        kind = self.style.window
        if kind in ("casement", "cross") and width > 0.7:
            bar(middle - 0.035, middle + 0.035, foot, top, 0.005)
        if kind == "cross":
            bar(left, right, foot + height * 0.68 - 0.03, foot + height * 0.68 + 0.03, 0.006)
        if kind == "sash":
            bar(left, right, foot + height * 0.5 - 0.03, foot + height * 0.5 + 0.03, 0.006)
            if self.near:
                bar(middle - 0.015, middle + 0.015, foot, top, 0.01)
        if kind == "modern" and width > 1.3:
            bar(left + width * 0.62 - 0.03, left + width * 0.62 + 0.03, foot, top, 0.005)

    def _hangings(self, hole: Hole, depth: float) -> None:
        """Curtains or blinds in three of four windows, a plant on the sill here and there."""
        left, right, foot, top = hole
        chance = self.rng.random()
        if chance < 0.55:
            cut = self.rng.uniform(0.18, 0.42) * (right - left)
            self.rect(left, left + cut, foot, top, "curtain", depth + 0.10)
            self.rect(right - cut * self.rng.uniform(0.7, 1.2), right, foot, top, "curtain", depth + 0.10)
        elif chance < 0.8:
            down = (top - foot) * self.rng.uniform(0.15, 0.9)
            self.rect(left, right, top - down, top, self.rng.choice(BLINDS), depth + 0.07)
        if self.near and self.rng.random() < 0.12:
            x = self.rng.uniform(left + 0.2, right - 0.2)
            self.b.box((x - 0.08, depth + 0.08, foot), (x + 0.08, depth + 0.2, foot + 0.14), "paint:#9a5b40")
            self.b.ball((x, depth + 0.14, foot + 0.26), (0.13, 0.06, 0.14), "paint:#3f5a26", 8)

    def surround(self, hole: Hole, kind: int) -> None:
        """The stone band of `Style.surround` around an opening."""
        left, right, foot, top = hole
        box = self.b.box
        if kind == 3:
            box((left - 0.1, -0.012, top), (right + 0.1, 0.01, top + 0.22), "trim")
        if kind in (1, 2):
            box((left - 0.13, -0.035, foot), (left, 0.01, top + 0.13), "trim")
            box((right, -0.035, foot), (right + 0.13, 0.01, top + 0.13), "trim")
            box((left, -0.035, top), (right, 0.01, top + 0.13), "trim")
        if kind == 2:
            box((left - 0.24, -0.16, top + 0.22), (right + 0.24, 0.01, top + 0.31), "trim")

    def shutters(self, hole: Hole, material: str) -> None:
        """Folded back to both sides; louvred where they are near."""
        left, right, foot, top = hole
        width = (right - left) / 2
        for x0, x1 in ((left - width - 0.02, left - 0.02), (right + 0.02, right + width + 0.02)):
            self.b.box((x0, -0.045, foot), (x1, -0.005, top), material)
            for i in range(14 if self.near else 0):
                z = foot + 0.06 + (top - foot - 0.12) * i / 14
                self.b.box((x0 + 0.05, -0.058, z), (x1 - 0.05, -0.044, z + 0.03), material)

    def flower_box(self, hole: Hole) -> None:
        """Geraniums before a window."""
        left, right, foot, _ = hole
        self.b.box((left + 0.05, -0.24, foot), (right - 0.05, -0.06, foot + 0.16), "paint:#6b5138")
        for x in np.arange(left + 0.12, right - 0.1, 0.13):
            up = foot + 0.2 + self.rng.uniform(-0.02, 0.06)
            self.b.ball((x, -0.15, up), (0.09, 0.09, 0.09), "paint:#35502a", 6)
            if self.rng.random() < 0.8:
                colour = self.rng.choice(["#a8242c", "#b5487a", "#c9c4bd"])
                self.b.ball((x, -0.2, up + 0.07), (0.045, 0.04, 0.04), f"paint:{colour}", 6)

    def door(self, left: float, right: float, top: float, depth: float = 0.25) -> None:
        """One leaf or two with panels, a pane above, and a step."""
        b = self.b
        colour = self.rng.choice(DOORS)
        self.reveal((left, right, 0, top), depth, self.style.wall)
        head = min(2.25, top - 0.3)
        b.box((left, depth - 0.04, 0.1), (right, depth + 0.02, head), colour)
        leaves = 2 if right - left > 1.1 else 1
        for i in range(leaves):
            x0, x1 = (left + (right - left) * k / leaves for k in (i, i + 1))
            for z0, z1 in ((0.25, 0.95), (1.1, head - 0.15)):
                b.box((x0 + 0.12, depth - 0.055, z0), (x1 - 0.12, depth - 0.035, z1), colour)
        b.ball((right - 0.12, depth - 0.07, 1.05), 0.035, "metal", 8)
        b.box((left, depth - 0.05, head), (right, depth + 0.03, head + 0.08), self.style.frame)
        self.rect(left, right, head + 0.08, top, "window", depth)
        self.rect(left, right, 0, top, "interior", depth + 0.3)
        b.box((left - 0.1, -0.28, 0), (right + 0.1, 0.2, 0.12), "concrete")

    def balcony(self, left: float, right: float, floor: float, depth: float, glass: bool = False) -> None:
        """A slab on brackets with bars, or a pane, around it."""
        b, rail, top = self.b, "dark_metal", floor + 1.0
        b.box((left, -depth, floor - 0.16), (right, 0.0, floor), "trim")
        for x in np.arange(left + 0.2, right, 1.6):
            b.box((x, -depth * 0.7, floor - 0.40), (x + 0.14, 0, floor - 0.16), "trim")
        b.box((left, -depth, top), (right, -depth + 0.045, top + 0.04), rail)
        for x in (left, right - 0.045):
            b.box((x, -depth, top), (x + 0.045, 0, top + 0.04), rail)
        if glass:
            self.rect(left, right, floor, top, "window", -depth + 0.02)
            return
        b.box((left, -depth, floor + 0.08), (right, -depth + 0.03, floor + 0.11), rail)
        step = 0.12 if self.near else 0.24
        for x in np.arange(left + 0.03, right, step):
            b.box((x, -depth + 0.008, floor), (x + 0.018, -depth + 0.026, top), rail)
        for y in np.arange(-depth + step, -0.02, step):
            for x in (left + 0.012, right - 0.03):
                b.box((x, y, floor), (x + 0.018, y + 0.018, top), rail)
