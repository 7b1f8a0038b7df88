"""Where cars stand and drive. One drives on the right."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from mathutils import Matrix

from scenes.colour import Colour, linear
from scenes.label import Label
from scenes.mesh import pose
from scenes.site import Site
from scenes.street.line import crown
from scenes.vehicles.body import body
from scenes.vehicles.parts import parts
from scenes.vehicles.shapes import SHAPES

COLOURS = (
    "#c9cbcc #a4a7aa #2a2c2f #17181a #55595d #e4e4e0 #20304e #6d1518 #8d9296 #33454f #e6e6e3 #3c4044 #24374f #7d1f1c "
    "#b8b3a4 #2f4a3c #4b5a70 #8d7a44 #707478 #131415 #dcdcd8 #1d2733"
).split()
VAN_COLOURS = "#e4e4e0 #dcdcd8 #c9cbcc #8d9296 #24374f".split()
HEADLAMP_CARS = 3
"""So many of the nearest cars that come on light the road at dusk."""


def populate(site: Site) -> None:
    """Put all cars into the scene."""
    rng = site.random("traffic")
    _parked(site, rng)
    _driving(site, rng)
    _in_side_streets(site, rng)


def add_car(site: Site, rng: Random, kind: str, at: Any, lit: float = 1.0) -> None:
    """One car with its parts; `lit` says whether its lamps are on."""
    colour = _colour(rng, kind)
    shell = site.once(("car", kind), lambda: body(site, kind))
    variant = rng.randrange(3)
    rest = site.once(("car parts", kind, variant), lambda: parts(site, kind, variant))
    site.place(shell, Label.CAR, at, colour, lit)
    site.place(rest, Label.CAR, at, colour)


def on_road(site: Site, along: float, across: float, oncoming: bool = False) -> Any:
    """Where a car stands that follows the street."""
    line = site.line
    up = crown(across, site.parameters.half)
    at = pose(line.point(along, across, up), line.heading(along) + (math.pi if oncoming else 0.0))
    grade = math.atan(line.height(along + 0.5) - line.height(along - 0.5))
    return at @ Matrix.Rotation(-grade if oncoming else grade, 4, "X")


def _pick(rng: Random) -> str:
    return rng.choices(list(SHAPES), [shape.share for shape in SHAPES.values()])[0]


def _colour(rng: Random, kind: str) -> Colour:
    if kind == "van" and rng.random() < 0.8:
        return linear(rng.choice(VAN_COLOURS))
    return linear(rng.choice(COLOURS))


def _parked(site: Site, rng: Random) -> None:
    p = site.parameters
    share = rng.uniform(0.45, 0.95) if p.parking else (0.25 if p.kind == "suburb" else 0.0)
    for side in (-1, 1):
        along = rng.uniform(-6, 0)
        while along < p.length - 10:
            kind = _pick(rng)
            length = SHAPES[kind].length
            along += length / 2
            across = side * (p.half - 1.05 + rng.uniform(-0.07, 0.07))
            in_the_way = abs(across - p.camera_across) < 3.2 and along < 7.5
            kept_free = site.on_crossing(along, 5.5) or site.on_zebra(along, 6.5)
            if rng.random() < share and not kept_free and not in_the_way:
                askew = Matrix.Rotation(rng.uniform(-0.02, 0.02), 4, "Z")
                oncoming = (side < 0) != (rng.random() < 0.15)
                add_car(site, rng, kind, on_road(site, along, across, oncoming) @ askew, lit=0.0)
            along += length / 2 + rng.uniform(0.7, 1.8)


def _driving(site: Site, rng: Random) -> None:
    p = site.parameters
    beams = 0
    for oncoming in (False, True):
        first = (5, 16) if oncoming else (9, 22) if p.view == "driver" else (4, 18)
        along = rng.uniform(*first)
        while along < p.length - 10:
            across = (-1 if oncoming else 1) * p.lane / 2 + rng.uniform(-0.25, 0.25)
            if rng.random() < p.traffic and not site.on_zebra(along, 4.2):
                at = on_road(site, along, across, oncoming)
                add_car(site, rng, _pick(rng), at)
                if p.dark and oncoming and beams < HEADLAMP_CARS:
                    _headlamps(site, at)
                    beams += 1
            along += rng.uniform(8, 24)


def _headlamps(site: Site, at: Any) -> None:
    """What a car's dipped beams throw onto the road before it."""
    site.light(
        "SPOT",
        at @ Matrix.Translation((0, 2.4, 0.65)) @ Matrix.Rotation(math.radians(84), 4, "X"),
        watts=160,
        colour=(1.0, 0.93, 0.80),
        angle=70,
    )


def _in_side_streets(site: Site, rng: Random) -> None:
    p = site.parameters
    for where, width in p.crossings:
        if rng.random() < 0.6:
            side = rng.choice([-1, 1])
            place = site.line.point(where + side * width / 4, side * (p.half + 4.5))
            at = pose(place, site.line.heading(where) + side * math.pi / 2)
            add_car(site, rng, _pick(rng), at)
