"""A house: front, sides, back and roof."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from scenes.buildings.facade import Facade, Hole
from scenes.buildings.roof import roof
from scenes.buildings.shop import Lettering, shop_front
from scenes.buildings.style import Style
from scenes.label import Label
from scenes.mesh import Builder
from scenes.site import Site

SHUTTERS = ("paint:#4d6152", "paint:#6c7f86", "paint:#7a5a42", "paint:#37473c", "paint:#8f9a94")
EDGE = 0.3


@dataclass(frozen=True)
class Plot:
    """What is to be built; `open_sides` says whether its left and right wall can be seen."""

    width: float
    depth: float
    floors: int
    shop: bool
    near: bool
    open_sides: tuple[bool, bool]


class House:
    """Built in its own coordinates: x along the front, y away from the street."""

    def __init__(self, rng: Random, style: Style, plot: Plot) -> None:
        self.rng, self.style, self.plot = rng, style, plot
        self.builder = Builder()
        self.wall = Facade(self.builder, rng, style, plot.near)
        self.letterings: list[Lettering] = []
        self.ground = rng.uniform(3.6, 4.3) if plot.shop else style.storey + (0.0 if style.detached else 0.3)
        self.height = self.ground + style.storey * (plot.floors - 1)
        bays = max(
            1, round((plot.width - 2 * EDGE) / (rng.uniform(3.0, 3.8) if style.modern else rng.uniform(2.3, 3.2)))
        )
        self.bay = (plot.width - 2 * EDGE) / bays
        self.middles = [EDGE + self.bay * (i + 0.5) for i in range(bays)]
        self.window_width = min(self.bay - 0.7, style.window_width)
        self._ground_floor()
        self._upper_floors()
        self._ornament()
        self._sides()
        roof(self.wall, plot.width, plot.depth, self.height)

    def stand(self, site: Site, at: Any) -> None:
        """Put it into the scene."""
        site.add(self.builder, Label.BUILDING, at, self.style.colour)
        for lettering in self.letterings:
            _write(site, lettering, at)

    def _ground_floor(self) -> None:
        plain = self.rng.random() < 0.3 and self.style.wall == "plaster" and not self.style.modern
        base = "stone" if plain else self.style.wall
        if self.plot.shop:
            self._shops(base)
        else:
            self._dwelling(base)

    def _shops(self, base: str) -> None:
        wall, rng, width = self.wall, self.rng, self.plot.width
        pier = rng.uniform(0.25, 0.5)
        count = max(1, round(width / rng.uniform(4.5, 7)))
        span = (width - pier) / count
        entrance = rng.randrange(count) if count > 1 and rng.random() < 0.7 else -1
        for i in range(count):
            left, right = pier + span * i, span * (i + 1)
            wall.rect(left - pier, left, 0, self.ground, base)
            if i == entrance:
                middle = (left + right) / 2
                wall.storey([(middle - 0.65, middle + 0.65, 0, 2.9)], left, right, 0, self.ground, base)
                wall.door(middle - 0.65, middle + 0.65, 2.9)
            else:
                self.letterings.append(shop_front(wall, left, right, self.ground))
        wall.rect(width - pier, width, 0, self.ground, base)

    def _dwelling(self, base: str) -> None:
        wall, style = self.wall, self.style
        foot = 0.8 if style.detached else 1.0
        top = foot + min(style.storey * style.window_share, self.ground - foot - 0.4)
        entrance = self.rng.randrange(len(self.middles))
        door = self._hole(entrance, 0.0, min(2.75, self.ground - 0.45), 1.2)
        windows = [self._hole(i, foot, top) for i in range(len(self.middles)) if i != entrance]
        wall.storey([door, *windows], 0, self.plot.width, 0, self.ground, base)
        for hole in windows:
            wall.window(hole)
            wall.surround(hole, style.surround)
        wall.door(door[0], door[1], door[3])
        if style.surround:
            wall.surround(door, min(style.surround, 2))
        if style.detached and self.rng.random() < 0.6:
            self.builder.box((door[0] - 0.4, -0.9, door[3] + 0.15), (door[1] + 0.4, 0.0, door[3] + 0.27), "trim")
        if self.rng.random() < 0.5:
            for left, right in ((0.0, door[0] - 0.12), (door[1] + 0.12, self.plot.width)):
                self.builder.box((left, -0.05, 0), (right, 0.0, 0.5), "trim")

    def _hole(self, bay: int, foot: float, top: float, width: float | None = None) -> Hole:
        half = (width or self.window_width) / 2
        return self.middles[bay] - half, self.middles[bay] + half, foot, top

    def _upper_floors(self) -> None:
        rng, style = self.rng, self.style
        balconies = rng.random() < (0.75 if style.modern else 0.3)
        with_balcony = [rng.random() < (0.5 if style.modern else 0.35) for _ in self.middles]
        all_along = not style.modern and rng.random() < 0.25
        room = self.bay - self.window_width > self.window_width * 0.95
        shutters = rng.choice(SHUTTERS) if not style.modern and room and rng.random() < 0.3 else None
        flowers = not style.modern and rng.random() < 0.2 and self.plot.near
        for floor in range(1, self.plot.floors):
            foot = self.ground + style.storey * (floor - 1)
            last = floor == self.plot.floors - 1
            long = all_along and (floor == 1 or last)
            french = [balconies and (mine or long) for mine in with_balcony]
            holes = [self._upper_hole(i, foot, last, door) for i, door in enumerate(french)]
            self.wall.storey(holes, 0, self.plot.width, foot, foot + style.storey, style.wall)
            for i, (hole, door) in enumerate(zip(holes, french, strict=True)):
                self.wall.window(hole, sill=not door)
                self.wall.surround(hole, 1 if last and style.surround == 2 else style.surround)
                if shutters and not door:
                    self.wall.shutters(hole, shutters)
                if flowers and not door and rng.random() < 0.6:
                    self.wall.flower_box(hole)
                if door and not all_along:
                    depth = 1.2 if style.modern else 0.55
                    self.wall.balcony(hole[0] - 0.35, hole[1] + 0.35, foot + 0.1, depth, style.modern and i % 2 == 0)
            if balconies and long:
                self.wall.balcony(0.2, self.plot.width - 0.2, foot + 0.1, 0.75)

    def _upper_hole(self, bay: int, foot: float, last: bool, french: bool) -> Hole:
        low = foot + (0.75 if self.style.modern else 0.85)
        height = self.style.storey * self.style.window_share * (0.92 if last else 1.0)
        top = min(low + height, foot + self.style.storey - 0.25)
        return self._hole(bay, foot + 0.12 if french else low, top)

    def _ornament(self) -> None:
        """String courses, cornice, quoins, and the pipe that takes the rain down."""
        b, rng, style, width = self.builder, self.rng, self.style, self.plot.width
        if not style.modern:
            if rng.random() < 0.8 and not self.plot.shop:
                b.box((0, -0.07, self.ground - 0.12), (width, 0.0, self.ground + 0.06), "trim")
            if rng.random() < 0.4:
                for floor in range(2, self.plot.floors):
                    up = self.ground + style.storey * (floor - 1)
                    b.box((0, -0.045, up - 0.05), (width, 0.0, up + 0.07), "trim")
            if not style.detached:
                self._cornice()
            if style.wall != "brick" and rng.random() < 0.35:
                self._quoins()
        if rng.random() < 0.8:
            x = width - 0.12
            b.tube((x, -0.09, 0.1), (x, -0.09, self.height - 0.45), 0.05, sides=8, material="zinc")
            for up in np.arange(1.5, self.height - 1, 2.2):
                b.box((x - 0.07, -0.15, up), (x + 0.07, 0, up + 0.04), "zinc")
        if self.plot.near and rng.random() < 0.25:
            self._dish(rng.choice(self.middles) + self.window_width / 2 + 0.35)

    def _cornice(self) -> None:
        b, top, width = self.builder, self.height, self.plot.width
        for down, out in ((0.42, 0.07), (0.28, 0.18), (0.12, 0.36)):
            b.box((0, -out, top - down), (width, 0.0, top - down + 0.17), "trim")
        if self.plot.near and self.rng.random() < 0.5:
            for x in np.arange(0.15, width, 0.42):
                b.box((x, -0.26, top - 0.26), (x + 0.16, 0.0, top - 0.10), "trim")

    def _quoins(self) -> None:
        for i in range(int((self.height - 0.5) / 0.42)):
            long = 0.45 - (0.15 if i % 2 else 0.0)
            for x0, x1 in ((0.0, long), (self.plot.width - long, self.plot.width)):
                self.builder.box((x0, -0.03, 0.42 * i + 0.015), (x1, 0.0, 0.42 * i + 0.40), "trim")

    def _dish(self, x: float) -> None:
        up = self.ground + 0.4
        self.builder.tube((x, 0, up), (x, -0.35, up + 0.1), 0.02, sides=6, material="metal")
        turn = Matrix.Translation((x, -0.35, up + 0.15)) @ Matrix.Rotation(1.9, 4, "X")
        self.builder.lathe([(0.32, 0.09), (0.22, 0.03), (0.0, 0.0)], 18, "paint:#c9c7c1", at=turn)

    def _sides(self) -> None:
        width, depth = self.plot.width, self.plot.depth
        with self.builder.within(Matrix.Translation((width, depth, 0)) @ Matrix.Rotation(math.pi, 4, "Z")):
            self.wall.rect(0, width, 0, self.height, self.style.wall)
        left = Matrix.Translation((0, depth, 0)) @ Matrix.Rotation(-math.pi / 2, 4, "Z")
        right = Matrix.Translation((width, 0, 0)) @ Matrix.Rotation(math.pi / 2, 4, "Z")
        for matrix, is_open in zip((left, right), self.plot.open_sides, strict=True):
            with self.builder.within(matrix):
                self._side(is_open)

    def _side(self, is_open: bool) -> None:
        """A wall at right angles to the street: blind, or with a few windows that keep away from the corners."""
        wall, style, depth = self.wall, self.style, self.plot.depth
        if not is_open:
            wall.rect(0, depth, 0, self.height, style.wall)
            return
        columns = [x for x in np.arange(1.9, depth - 1.2, self.rng.uniform(2.6, 3.6)) if self.rng.random() < 0.75]
        half = min(0.55, self.window_width / 2)
        for floor in range(self.plot.floors):
            foot = self.ground + style.storey * (floor - 1) if floor else 0.0
            top = foot + style.storey if floor else self.ground
            low = foot + (1.0 if floor == 0 else 0.85)
            holes = [
                (x - half, x + half, low, min(low + style.storey * style.window_share, top - 0.3)) for x in columns
            ]
            wall.storey(holes, 0, depth, foot, top, style.wall)
            for hole in holes:
                wall.window(hole)
                wall.surround(hole, min(style.surround, 1))


def _write(site: Site, lettering: Lettering, at: Any) -> None:
    curve = bpy.data.curves.new("lettering", "FONT")
    curve.body, curve.align_x, curve.extrude, curve.resolution_u = lettering.word, "CENTER", 0.012, 3
    curve.size = min(0.40, lettering.room / (0.55 * len(lettering.word)))
    curve.materials.append(site.material(lettering.material))
    upright = Matrix.Translation((lettering.x, lettering.y, lettering.z)) @ Matrix.Rotation(math.pi / 2, 4, "X")
    site.place(curve, Label.BUILDING, at @ upright)
