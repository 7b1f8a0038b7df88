"""Clipped hedges and round shrubs."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.label import Label
from scenes.mesh import Builder, set_attribute
from scenes.plants.leaves import leaf_quads
from scenes.site import Site

SHRUBS = 4


def add_hedge(site: Site, length: float, depth: float, height: float, at: Any, seed: int) -> None:
    """A box of leaves, a little wavy, around a dark core."""
    rng = np.random.default_rng([seed, 1])
    count = int(min(30000, 1500 * (length * depth + 2 * height * (length + depth))))
    areas = np.array([length * depth, length * height, length * height, depth * height, depth * height])
    face = rng.choice(5, count, p=areas / areas.sum())
    x, y, z = (rng.random((count, 3)) * [length, depth, height]).T
    inside = np.abs(rng.normal(0, 0.05, count)) - 0.04 - 0.05 * np.sin(x * 2.1 + 1) * np.sin(z * 3 + y * 2)
    z = np.where(face == 0, height - inside, z)
    y = np.where(face == 1, inside, np.where(face == 2, depth - inside, y))
    x = np.where(face == 3, inside, np.where(face == 4, length - inside, x))
    leaves = Builder()
    leaves.quads(leaf_quads(np.stack([x, y, z], 1), rng, 0.055, -0.1), "leaf:hedge")
    thing = site.add(leaves, Label.TREE, at)
    set_attribute(thing.data, "tint", np.repeat(rng.random(count), 4))
    core = Builder()
    core.box((0.08, 0.08, 0), (length - 0.08, depth - 0.08, height - 0.08), "paint:#151c0e")
    site.add(core, Label.TREE, at)


def add_shrub(site: Site, variant: int, at: Any) -> None:
    """A round shrub; those of one variant share their mesh."""
    site.place(site.once(("shrub", variant), lambda: _shrub(site, variant)), Label.TREE, at)


def _shrub(site: Site, variant: int) -> Any:
    rng = np.random.default_rng([variant, 2])
    count = 4500
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    lumps = 1 + 0.18 * np.sin(direction[:, 0] * 5 + variant) * np.sin(direction[:, 1] * 6) * np.cos(direction[:, 2] * 5)
    radius = rng.uniform(0.55, 1, count) ** 0.6 * lumps
    stalks = direction * radius[:, None] * [0.6, 0.6, 0.5] + [0, 0, 0.45]
    stalks = stalks[stalks[:, 2] > 0]
    builder = Builder()
    builder.quads(leaf_quads(stalks, rng, 0.075, 0.3), "leaf:hedge")
    mesh = builder.mesh(site.material)
    set_attribute(mesh, "tint", np.repeat(rng.random(len(stalks)), 4))
    return mesh
