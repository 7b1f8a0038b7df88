"""Roofs: flat, pitched, gable to the street, mansard; dormers and chimneys."""

from __future__ import annotations

from collections.abc import Callable

from scenes.buildings.facade import Facade

RoofHeight = Callable[[float], float]
"""The height of a roof at a distance behind the wall."""


def roof(wall: Facade, width: float, depth: float, eaves: float) -> None:
    """Cover a house `width` wide, `depth` deep and `eaves` high as its style says."""
    {"flat": _flat, "pitched": _pitched, "gable": _gable, "mansard": _mansard}[wall.style.roof](
        wall, width, depth, eaves
    )


def _flat(wall: Facade, width: float, depth: float, eaves: float) -> None:
    b, material = wall.b, wall.style.wall
    low = eaves - 0.1
    b.quad((0, 0, low), (width, 0, low), (width, depth, low), (0, depth, low), "concrete")
    top = eaves + wall.rng.uniform(0.4, 0.9)
    b.box((0, 0, eaves), (width, 0.25, top), material)
    b.box((0, depth - 0.25, eaves), (width, depth, top), material)
    b.box((0, 0.25, eaves), (0.25, depth - 0.25, top), material)
    b.box((width - 0.25, 0.25, eaves), (width, depth - 0.25, top), material)
    b.box((-0.03, -0.06, top), (width + 0.03, 0.3, top + 0.07), "trim")
    if wall.rng.random() < 0.6:
        b.box((width * 0.3, depth * 0.4, eaves), (width * 0.3 + 3, depth * 0.4 + 3, eaves + 2.6), material)


def _pitched(wall: Facade, width: float, depth: float, eaves: float) -> None:
    b, rng, tile = wall.b, wall.rng, wall.style.tile
    rise, over = depth / 2 * rng.uniform(0.7, 1.05), 0.35
    ridge, low = eaves + rise, eaves - over * rise / (depth / 2) * 0.2
    b.quad((0, -over, low), (width, -over, low), (width, depth / 2, ridge), (0, depth / 2, ridge), tile)
    b.quad((width, depth + over, low), (0, depth + over, low), (0, depth / 2, ridge), (width, depth / 2, ridge), tile)
    b.quad((0, -over, low - 0.02), (0, 0, low - 0.02), (width, 0, low - 0.02), (width, -over, low - 0.02), "wood")
    for x, order in ((0, 1), (width, -1)):
        b.add([(x, 0, eaves), (x, depth / 2, ridge), (x, depth, eaves)][::order], [(0, 1, 2)], wall.style.wall)
    b.tube((0, -over - 0.04, low), (width, -over - 0.04, low), 0.075, sides=8, material="zinc")
    b.tube((0, depth / 2, ridge), (width, depth / 2, ridge), 0.11, sides=8, material=tile)

    def height(y: float) -> float:
        return low + (y + over) * (ridge - low) / (depth / 2 + over)

    if width > 5:
        count = rng.choice([0, 1, 2, 3] if width > 8 else [0, 1, 2])
        add = rng.choice([_dormer, _skylight])
        for i in range(count):
            add(wall, width * (i + 0.5) / count, height)
    _chimney(wall, rng.choice([0.6, width - 1.1]), depth / 2 - 0.3, ridge - 0.6)


def _gable(wall: Facade, width: float, depth: float, eaves: float) -> None:
    b, tile = wall.b, wall.style.tile
    rise, over = width / 2 * wall.rng.uniform(0.75, 1.1), 0.3
    ridge, low = eaves + rise, eaves - over * rise / (width / 2)
    b.add([(0, 0, eaves), (width, 0, eaves), (width / 2, 0, ridge)], [(0, 1, 2)], wall.style.wall)
    b.add([(width / 2, depth, ridge), (width, depth, eaves), (0, depth, eaves)], [(0, 1, 2)], wall.style.wall)
    for x0, order in ((-over, -1), (width + over, 1)):
        slope = [(x0, -over, low), (width / 2, -over, ridge), (width / 2, depth, ridge), (x0, depth, low)]
        b.add(slope[::order], [(0, 1, 2, 3)], tile)
        verge = [(x0, -over, low), (width / 2, -over, ridge), (width / 2, -over, ridge - 0.2), (x0, -over, low - 0.2)]
        b.add(verge, [(0, 1, 2, 3)], "frame")
    if rise > 2:
        _attic_window(wall, width / 2 - 0.5, width / 2 + 0.5, eaves + 0.3, eaves + 1.4, 0.0)
        b.box((width / 2 - 0.6, -0.08, eaves + 0.2), (width / 2 + 0.6, 0.0, eaves + 0.3), "trim")
    _chimney(wall, width / 2 - 0.3, depth * 0.6, ridge - 0.5)


def _mansard(wall: Facade, width: float, depth: float, eaves: float) -> None:
    b, rng, tile = wall.b, wall.rng, wall.style.tile
    rise, inset = 2.9, 0.85
    knee, ridge = eaves + rise, eaves + rise + 1.2
    b.quad((0, 0, eaves), (width, 0, eaves), (width, inset, knee), (0, inset, knee), tile)
    b.quad((width, depth, eaves), (0, depth, eaves), (0, depth - inset, knee), (width, depth - inset, knee), tile)
    b.quad((0, inset, knee), (width, inset, knee), (width, depth / 2, ridge), (0, depth / 2, ridge), "zinc")
    back = depth - inset
    b.quad((width, back, knee), (0, back, knee), (0, depth / 2, ridge), (width, depth / 2, ridge), "zinc")
    for x, order in ((0, 1), (width, -1)):
        side = [(x, 0, eaves), (x, inset, knee), (x, depth / 2, ridge), (x, back, knee), (x, depth, eaves)]
        b.add(side[::order], [(0, 1, 2, 3, 4)], wall.style.wall)
    count = max(1, int(width / 2.8))
    for i in range(count):
        _dormer(wall, width * (i + 0.5) / count, lambda y: eaves + y * rise / inset, mansard=True)
    b.tube((0, -0.12, eaves + 0.05), (width, -0.12, eaves + 0.05), 0.07, sides=8, material="zinc")
    _chimney(wall, rng.choice([0.2, width - 1.3]), depth * 0.35, knee)


def _dormer(wall: Facade, x: float, height: RoofHeight, mansard: bool = False) -> None:
    b = wall.b
    y = 0.25 if mansard else 1.1
    foot = height(y) + (0.15 if mansard else -0.1)
    half, top, back = 0.62, foot + (1.55 if mansard else 1.35), y + 2.2
    b.box((x - half, y, foot), (x + half, back, top), "zinc" if mansard else "frame")
    gable = [(x - half - 0.12, top), (x + half + 0.12, top), (x, top + 0.5)]
    points = [(gx, gy, gz) for gy in (y - 0.12, back) for gx, gz in gable]
    b.add(points, [(0, 1, 2), (0, 2, 5, 3), (2, 1, 4, 5), (1, 0, 3, 4)], "zinc" if mansard else wall.style.tile)
    _attic_window(wall, x - half + 0.08, x + half - 0.08, foot + 0.08, top - 0.08, y)


def _attic_window(wall: Facade, left: float, right: float, foot: float, top: float, y: float) -> None:
    """Two panes in a frame that stands a little proud of the wall; behind them it is dark."""
    middle = (left + right) / 2
    wall.b.box((left, y - 0.04, foot), (right, y, top), wall.style.frame)
    for x0, x1 in ((left + 0.08, middle - 0.04), (middle + 0.04, right - 0.08)):
        wall.rect(x0, x1, foot + 0.08, top - 0.08, "dark", y - 0.045)
        wall.rect(x0, x1, foot + 0.08, top - 0.08, "window", y - 0.05)


def _skylight(wall: Facade, x: float, height: RoofHeight) -> None:
    for half, y0, y1, up, material in ((0.4, 2.0, 3.0, 0.06, "dark_metal"), (0.33, 2.07, 2.93, 0.08, "window")):
        corners = [(x - half, y0), (x + half, y0), (x + half, y1), (x - half, y1)]
        wall.b.add([(cx, cy, height(cy) + up) for cx, cy in corners], [(0, 1, 2, 3)], material)


def _chimney(wall: Facade, x: float, y: float, foot: float) -> None:
    b, rng = wall.b, wall.rng
    if rng.random() < 0.2:
        return
    top, width = foot + rng.uniform(1.3, 2.2), rng.uniform(0.8, 1.4)
    b.box((x, y, foot - 1), (x + width, y + 0.6, top), "stone" if wall.style.wall == "stone" else "brick")
    b.box((x - 0.06, y - 0.06, top - 0.15), (x + width + 0.06, y + 0.66, top), "concrete")
    for i in range(int(width / 0.35)):
        at = x + 0.22 + 0.35 * i
        b.tube((at, y + 0.3, top), (at, y + 0.3, top + 0.4), 0.12, 0.10, material="paint:#9a5b40")
    if rng.random() < 0.4:
        _aerial(wall, x + width - 0.1, y + 0.1, top)


def _aerial(wall: Facade, x: float, y: float, foot: float) -> None:
    b = wall.b
    b.tube((x, y, foot), (x, y, foot + 1.5), 0.015, sides=5, material="metal")
    b.tube((x - 0.5, y, foot + 1.35), (x + 0.5, y, foot + 1.35), 0.01, sides=5, material="metal")
    for i in range(6):
        at = x - 0.45 + 0.18 * i
        b.tube((at, y - 0.25, foot + 1.35), (at, y + 0.25, foot + 1.35), 0.006, sides=4, material="metal")
