"""Houses along the street, into its side streets, and across its end."""

from __future__ import annotations

from random import Random
from typing import Any

from mathutils import Matrix, Vector

from scenes.buildings import style
from scenes.buildings.house import House, Plot
from scenes.mesh import Point
from scenes.site import Site

CORNER = 2.6
"""How far houses keep from a side street's kerb."""


def build(site: Site) -> None:
    """Build every house."""
    rng = site.random("houses")
    for side, start, end in site.blocks():
        _row(site, rng, side, start, end)
    for where, width in site.parameters.crossings:
        _side_street(site, rng, where, width)
    _end(site, rng)


def _row(site: Site, rng: Random, side: int, start: float, end: float) -> None:
    p = site.parameters
    start = start + CORNER if start > -39 else -30.0
    end = end - CORNER if end < p.length else p.length - 6
    along, first = start, True
    while end - along > 4:
        width = rng.uniform(*p.street.plot)
        if end - along - width < p.street.plot[0] * 0.7:
            width = end - along
        width = min(width, 26.0)
        if p.park and side == p.park[0] and p.park[1] < along < p.park[2]:
            along += width
            continue
        gap = p.gap if rng.random() < 0.7 else 0.0
        ends = (first and start > -30, along + width > end - 0.5)
        sides = (True, True) if gap else ends if side < 0 else ends[::-1]
        _along(site, rng, side, along, width - gap, sides)
        first = False
        along += width


def _along(site: Site, rng: Random, side: int, along: float, width: float, open_sides: tuple[bool, bool]) -> None:
    """One house of a row, its front to the street."""
    p = site.parameters
    back = rng.uniform(0, 1.2) if p.garden else rng.choice([0, 0, 0, 0.15, 0.3])
    across = side * (p.half + p.pave + p.garden + back)
    corners = [site.line.point(along, across), site.line.point(along + width, across)]
    if side > 0:
        corners.reverse()
    at, front = _front(*corners)
    at.translation.z = min(corner[2] for corner in corners) + 0.15
    plot = Plot(
        width=front,
        depth=rng.uniform(9, 12),
        floors=rng.randint(*p.street.floors),
        shop=rng.random() < p.street.shops,
        near=along < 75,
        open_sides=open_sides,
    )
    House(rng, style.draw(rng, rng.choice(p.street.styles)), plot).stand(site, at)


def _side_street(site: Site, rng: Random, where: float, width: float) -> None:
    """Two houses on each side of a side street, behind those on the corners."""
    p = site.parameters
    for side in (-1, 1):
        for beyond in (-1, 1):
            along = where + beyond * (width / 2 + CORNER)
            for k in range(2):
                near = p.half + p.pave + p.garden + 13 + 12 * k
                corners = [site.line.point(along, side * near), site.line.point(along, side * (near + 11.5))]
                if beyond * side < 0:
                    corners.reverse()
                at, front = _front(*corners)
                at.translation.z = corners[0][2] + 0.15
                plot = Plot(front, 9, rng.randint(*p.street.floors), False, where < 50, (True, True))
                House(rng, style.draw(rng, rng.choice(p.street.styles)), plot).stand(site, at)


def _end(site: Site, rng: Random) -> None:
    """A row across the end of the street, and higher buildings far behind it that break the skyline."""
    p = site.parameters
    for distance, height, width in ((14, 0, 14.0), (70, 2, 19.0)):
        along = p.length + distance
        for k in range(-4, 4):
            corners = [site.line.point(along, k * width), site.line.point(along, (k + 1) * width - 0.1)]
            if distance > 14 and rng.random() < 0.55:
                continue
            at, front = _front(*corners)
            at.translation.z = corners[0][2]
            floors = rng.randint(*p.street.floors) + rng.choice([0, 1]) + height
            plot = Plot(front, 11, floors, False, False, (False, False))
            House(rng, style.draw(rng, rng.choice(p.street.styles)), plot).stand(site, at)


def _front(left: Point, right: Point) -> tuple[Any, float]:
    """The coordinates of a house between two corners of its front, seen from the street; and its width."""
    x = Vector(right) - Vector(left)
    x.z = 0
    width = x.length
    x.normalize()
    matrix = Matrix((x, Vector((0, 0, 1)).cross(x), (0, 0, 1))).transposed().to_4x4()
    matrix.translation = Vector(left)
    return matrix, width
