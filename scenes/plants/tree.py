"""Trees grown by branching, with every leaf."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.label import Label
from scenes.mesh import Builder, Points, set_attribute, unit
from scenes.plants.leaves import leaf_quads
from scenes.site import Site

LEAVES_ON_TWIG = 150
TWIG = 3
"""The level of branching at which leaves grow."""


@dataclass(frozen=True)
class Species:
    """How a tree grows: metres, and angles in radians."""

    height: tuple[float, float]
    clear: float
    """The share of its height below the crown."""
    limbs: int
    spread: tuple[float, float]
    reach: float
    """The length of its limbs as a share of its height."""
    leaf: float
    bark: str
    cloud: float
    """How far leaves stand off their twig."""


SPECIES = {
    "a": Species((9, 12), 0.24, 8, (0.75, 1.25), 0.44, 0.105, "bark:brown", 0.20),
    "b": Species((7, 9), 0.27, 7, (0.55, 0.95), 0.33, 0.085, "bark:brown", 0.16),
    "c": Species((10, 14), 0.26, 9, (0.7, 1.2), 0.44, 0.12, "bark:pale", 0.20),
}
VARIANTS = 3


def add_tree(site: Site, species: str, variant: int, at: Any) -> None:
    """One tree; those of one species and variant share their meshes."""
    wood, leaves = site.once(("tree", species, variant), lambda: _grown(site, species, variant))
    site.place(wood, Label.TREE, at)
    site.place(leaves, Label.TREE, at)


def _grown(site: Site, species: str, variant: int) -> tuple[Any, Any]:
    growth = _Growth(SPECIES[species], np.random.default_rng([ord(species), variant]))
    wood = growth.wood.mesh(site.material)
    centres = growth.leaf_centres()
    builder = Builder()
    builder.quads(leaf_quads(centres, growth.rng, growth.species.leaf, hang=0.35), f"leaf:{species}")
    leaves = builder.mesh(site.material)
    set_attribute(leaves, "tint", np.repeat(_tints(centres, growth.rng), 4))
    return wood, leaves


class _Growth:
    """A tree while it grows."""

    def __init__(self, species: Species, rng: np.random.Generator) -> None:
        self.species, self.rng, self.wood = species, rng, Builder()
        self.height = rng.uniform(*species.height)
        self._twigs: list[Points] = []
        upright = np.array([rng.normal(0, 0.03), rng.normal(0, 0.03), 1.0])
        trunk = self.height * (species.clear + 0.30)
        self._branch(np.array([0, 0, -0.1]), upright, trunk, self.height * 0.0145, 0)

    def leaf_centres(self) -> Points:
        """Where leaves are: around the twigs, but none below the crown."""
        twigs = np.array(self._twigs)
        which = np.repeat(np.arange(len(twigs)), LEAVES_ON_TWIG)
        where = self.rng.random(len(which)) ** 0.7 * (twigs.shape[1] - 1)
        i = np.minimum(where.astype(int), twigs.shape[1] - 2)
        centres = twigs[which, i] + (twigs[which, i + 1] - twigs[which, i]) * (where - i)[:, None]
        centres = centres + self.rng.normal(0, self.species.cloud, centres.shape)
        return centres[centres[:, 2] > self.height * self.species.clear * 0.85]

    def _branch(self, start: Points, direction: Points, length: float, radius: float, level: int) -> None:
        points, radii, direction = self._wander(start, direction, length, radius, level)
        if level == TWIG:
            self.wood.path(points[::2], radii[::2], 3, self.species.bark)
            self._twigs.append(points)
            return
        self.wood.path(points, radii, (12, 8, 6)[level], self.species.bark)
        children = (self.species.limbs, 6, 5)[level]
        for k in range(children):
            self._child(points, radii, length, level, k, children)
        self._branch(points[-1], direction, length * 0.5 if level else self.height * 0.25, radii[-1], level + 1)

    def _wander(
        self, start: Points, direction: Points, length: float, radius: float, level: int
    ) -> tuple[Points, list[float], Points]:
        """A branch's points and radii, bending as it goes, and the direction in which it ends."""
        pieces = (7, 5, 4, 4)[level]
        bend = self.rng.normal(0, 0.22 if level else 0.10, 3)
        upwards = np.array([0, 0, 0.10 if level else 0.15])
        points, radii = [start], [radius * (1.0 if level else 1.35)]
        for i in range(pieces):
            direction = unit(direction + bend * 0.35 + self.rng.normal(0, 0.05 + 0.05 * level, 3) + upwards)
            points.append(points[-1] + direction * length / pieces)
            radii.append(radius * (1 - (0.62 if level else 0.45) * (i + 1) / pieces))
        return np.array(points), radii, direction

    def _child(self, points: Points, radii: list[float], length: float, level: int, k: int, children: int) -> None:
        rng, species = self.rng, self.species
        low = 0.30 if level else 0.42
        share = low + (1 - low) * (k + 0.5 + rng.uniform(-0.4, 0.4)) / children
        x = share * (len(points) - 1)
        i = min(int(x), len(points) - 2)
        start = points[i] + (points[i + 1] - points[i]) * (x - i)
        parent = unit(points[i + 1] - points[i])
        if level == 0:
            turn = 2.4 * k + rng.uniform(-0.4, 0.4)
            aside = np.array([math.cos(turn), math.sin(turn), 0])
            angle = rng.uniform(*species.spread) * (1.15 - 0.45 * share)
            length = self.height * species.reach * (1.18 - 0.45 * share) * rng.uniform(0.85, 1.1)
        else:
            aside = unit(np.cross(parent, rng.normal(size=3)))
            angle = rng.uniform(0.5, 0.95)
            length = length * rng.uniform(0.45, 0.62)
        direction = unit(parent * math.cos(angle) + aside * math.sin(angle))
        radius = max(0.008, radii[i] * (0.6 if level else 0.55))
        self._branch(start, direction, length, radius, level + 1)


def _tints(centres: Points, rng: np.random.Generator) -> NDArray[np.float64]:
    """How light each leaf is: in clumps, and darker inside the crown."""
    from_middle = np.linalg.norm((centres - np.median(centres, 0)) / (centres.std(0) * 2 + 1e-6), axis=1)
    x, y, z = centres.T
    clumps = np.sin(x * 1.7) * np.sin(y * 1.3 + z)
    tints = 0.15 + 0.45 * np.clip(from_middle, 0, 1.2) + 0.25 * (rng.random(len(centres)) - 0.3) + 0.2 * clumps
    return np.asarray(np.clip(tints, 0, 1))
