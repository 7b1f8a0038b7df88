"""Small loose things by the thousand: blades of grass on verges, and in autumn fallen leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.label import Label
from scenes.mesh import Builder, set_attribute
from scenes.site import Site
from scenes.street.ground import CORNER, KERB_HEIGHT, KERB_WIDTH, surface_height


def scatter(site: Site) -> None:
    """Grass on every verge near the camera; leaves on the ground in autumn."""
    p = site.parameters
    for side, start, end in site.blocks():
        if p.verge and end - start > 3 * CORNER:
            _blades(site, side, start + CORNER, min(end - CORNER, 45.0))
    if p.season == "autumn" and (p.trees or p.garden):
        for side in (-1, 1):
            _fallen(site, side, Label.ROAD, p.half - 1.6, p.half - 0.02)
            _fallen(site, side, Label.PAVEMENT, p.half + KERB_WIDTH + p.verge, p.half + p.pave - 0.1)


def _blades(site: Site, side: int, start: float, end: float) -> None:
    start = max(start, 1.0)
    if end <= start:
        return
    rng = _generator(site, side)
    p = site.parameters
    count = int(min(40000, (end - start) * p.verge * 700))
    along = start + (end - start) * rng.random(count) ** 1.7
    across = side * (p.half + KERB_WIDTH + p.verge * rng.random(count))
    foot = np.array([site.line.point(s, t, KERB_HEIGHT) for s, t in zip(along, across, strict=True)])
    turn, height = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.03, 0.11, count)
    width = np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], 1) * rng.uniform(0.004, 0.010, (count, 1))
    lean = (
        np.stack([np.sin(turn), -np.cos(turn), np.zeros(count)], 1) * (height * rng.uniform(0.1, 0.8, count))[:, None]
    )
    tip = foot + lean + np.stack([np.zeros(count), np.zeros(count), height], 1)
    _loose(
        site, np.stack([foot - width, foot + width, tip + width * 0.2, tip - width * 0.2], 1), "grass", Label.TREE, rng
    )


def _fallen(site: Site, side: int, label: Label, near: float, far: float) -> None:
    """Leaves that lie where the wind left them: denser at the foot of the kerb and of the houses."""
    if far - near < 0.3:
        return
    rng = _generator(site, 10 * side + int(label))
    count = int(3500 * (far - near))
    along = 2 + 60 * rng.random(count) ** 1.6
    drift = rng.random(count) ** 0.45
    across = side * (near + (far - near) * drift)
    keep = np.array([not site.on_crossing(s, CORNER) for s in along])
    along, across = along[keep], across[keep]
    up = np.array([surface_height(site, t) for t in across]) + 0.006
    centre = np.array([site.line.point(s, t, u) for s, t, u in zip(along, across, up, strict=True)])
    turn, size = rng.uniform(0, 2 * np.pi, len(centre)), rng.uniform(0.02, 0.045, len(centre))[:, None]
    flat = np.stack([np.cos(turn), np.sin(turn), rng.uniform(-0.3, 0.5, len(centre))], 1) * size
    side_ways = np.stack([-np.sin(turn), np.cos(turn), rng.uniform(-0.2, 0.3, len(centre))], 1) * size * 0.6
    lift = np.array([0, 0, 0.012])
    quads = np.stack([centre - flat, centre + side_ways + lift, centre + flat, centre - side_ways + lift], 1)
    _loose(site, quads, "c", label, rng)


def _loose(site: Site, quads: NDArray[np.float64], leaf: str, label: Label, rng: np.random.Generator) -> None:
    builder = Builder()
    builder.quads(quads, f"leaf:{leaf}")
    thing = site.add(builder, label)
    set_attribute(thing.data, "tint", np.repeat(rng.random(len(quads)), 4))


def _generator(site: Site, stream: int) -> np.random.Generator:
    return np.random.default_rng([site.parameters.seed, stream + 100])
