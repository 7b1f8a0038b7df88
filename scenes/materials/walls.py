"""Walls and roofs. A house's own colour is its thing's colour."""

from __future__ import annotations

from typing import Any

from scenes.colour import linear
from scenes.materials.nodes import Nodes, Socket


def _unrolled(n: Nodes) -> tuple[Socket, Socket, Socket]:
    """Coordinates in metres over upright walls: as a vector, along, and up."""
    x, y, z = n.xyz(n.local())
    normal_x, _, normal_z = n.xyz(n.local_normal())
    along = n.mix_number(n.above(n.size(normal_x), 0.7), x, y)
    up = n.mix_number(n.above(n.size(normal_z), 0.7), z, y)
    return n.vector(n.math("MULTIPLY_ADD", n.thing("Random"), 37.0, along), up), along, up


def _weathered(n: Nodes, colour: Any, at: tuple[Socket, Socket, Socket], amount: float) -> Socket:
    """Blotches, streaks that rain drew, and splashes at the foot."""
    vector, along, up = at
    colour = n.mix(
        n.ramp(n.noise(vector, 0.35, 6, 0.65), 0.4, 0.75, 0, 0.4 * amount),
        colour,
        n.hsv(colour, value=0.55, saturation=0.8),
    )
    streaks = n.noise(n.vector(n.mul(along, 3.2), n.mul(up, 0.16), 3.0), 1.0, 5, 0.6)
    colour = n.mix(n.ramp(streaks, 0.5, 0.75, 0, 0.55 * amount), colour, n.hsv(colour, value=0.5, saturation=0.7))
    foot = n.mul(n.step(up, 1.3, 0.0), n.ramp(n.noise(vector, 1.6, 5), 0.3, 0.7, 0.2, 1.0))
    return n.mix(n.mul(foot, 0.55 * amount), colour, linear("#4a443c"))


def plaster(n: Nodes, _: str) -> Socket:
    """Painted render."""
    at = _unrolled(n)
    own = n.thing("Color")
    colour = n.mix(n.ramp(n.noise(at[0], 2.5, 6, 0.6), 0.3, 0.7, 0, 0.25), own, n.hsv(own, value=0.8))
    normal = n.bump(n.noise(at[0], 60.0, 4, 0.7), 0.25, 0.01)
    return n.surface(_weathered(n, colour, at, 0.9), 0.9, normal, specular=0.25)


def brick(n: Nodes, _: str) -> Socket:
    """Brickwork, each brick of its own shade."""
    at = _unrolled(n)
    own = n.thing("Color")
    pick, joint = n.bricks(at[0], 0.23, 0.075, 0.011, 0.2)
    colour = n.mix(pick, n.hsv(own, hue=0.49, value=0.62), n.hsv(own, hue=0.51, value=1.25))
    colour = n.mix(n.ramp(n.noise(at[0], 9.0, 4), 0.35, 0.7, 0, 0.4), colour, n.hsv(own, value=0.55))
    colour = n.mix(n.mul(joint, 0.75), colour, linear("#958c7e"))
    normal = n.bump(n.sub(n.noise(at[0], 40.0, 3), n.mul(joint, 2.0)), 0.5, 0.008)
    return n.surface(_weathered(n, colour, at, 1.0), 0.88, normal, specular=0.25)


def stone(n: Nodes, _: str) -> Socket:
    """Dressed stone in courses."""
    at = _unrolled(n)
    own = n.thing("Color")
    pick, joint = n.bricks(at[0], 0.85, 0.38, 0.010)
    colour = n.mix(pick, n.hsv(own, value=0.82), n.hsv(own, value=1.08))
    colour = n.mix(
        n.ramp(n.noise(at[0], 3.0, 7, 0.7), 0.3, 0.7, 0, 0.4), colour, n.hsv(own, value=0.65, saturation=0.8)
    )
    colour = n.mix(n.mul(joint, 0.7), colour, n.hsv(own, value=0.35))
    normal = n.bump(n.sub(n.noise(at[0], 25.0, 5), n.mul(joint, 2.5)), 0.5, 0.012)
    return n.surface(_weathered(n, colour, at, 1.0), 0.85, normal, specular=0.25)


def trim(n: Nodes, _: str) -> Socket:
    """Sills, cornices and surrounds: pale, with a breath of the house's colour."""
    at = _unrolled(n)
    colour = _weathered(n, n.mix(0.65, n.thing("Color"), linear("#cfc8b8")), at, 0.8)
    return n.surface(colour, 0.85, n.bump(n.noise(at[0], 30.0, 4), 0.25, 0.01), specular=0.25)


def roof(n: Nodes, kind: str) -> Socket:
    """Clay tiles (`tile`) or slates (`slate`), row over row."""
    tiles = kind == "tile"
    x, y, z = n.xyz(n.local())
    along = n.mix_number(n.above(n.size(n.xyz(n.local_normal())[0]), 0.2), x, y)  # the eaves, whichever way it faces
    vector = n.vector(n.math("MULTIPLY_ADD", n.thing("Random"), 31.0, along), n.mul(z, 1.3))
    width, height = (0.24, 0.30) if tiles else (0.34, 0.24)
    pick, joint = n.bricks(vector, width, height, 0.012, 0.6)
    low, high = ("#653727", "#96583c") if tiles else ("#3c4046", "#5a5e63")
    colour = n.mix(pick, linear(low), linear(high))
    moss = linear("#4a4036" if tiles else "#34373a")
    colour = n.mix(n.ramp(n.noise(vector, 0.8, 6, 0.7), 0.4, 0.7, 0, 0.7), colour, moss)
    colour = n.mix(n.mul(joint, 0.8), colour, linear("#201a17"))
    row = n.math("FRACT", n.math("DIVIDE", n.mul(z, 1.3), height))
    return n.surface(colour, 0.35 if n.parameters.wet else 0.75, n.bump(n.sub(1.0, row), 0.8, 0.03))
