"""Where trees and shrubs grow."""

from __future__ import annotations

from random import Random
from typing import Any

from scenes.mesh import pose
from scenes.plants.hedge import SHRUBS, add_shrub
from scenes.plants.tree import SPECIES, VARIANTS, add_tree
from scenes.site import Site

FULL_TURN = 6.3


def populate(site: Site) -> None:
    """Plant the street, the gardens, the park, and what closes the view at the far end."""
    rng = site.random("plants")
    p = site.parameters
    if p.trees:
        _along_street(site, rng)
    if p.garden:
        for side in (-1, 1):
            _gardens(site, rng, side)
    if p.park:
        side, start, end = p.park
        for _ in range(26):
            along, across = rng.uniform(start + 2, end + 4), side * (p.half + p.pave + rng.uniform(1.5, 16))
            _tree(site, rng, along, across, rng.uniform(0.8, 1.1))
    for _ in range(14):
        along, across = p.length + rng.uniform(-2, 10), rng.uniform(-28, 28)
        if abs(across) > p.half + p.pave:
            _tree(site, rng, along, across, rng.uniform(0.8, 1.2))


def _along_street(site: Site, rng: Random) -> None:
    p = site.parameters
    species = rng.choice(list(SPECIES)) if p.pave > 3 else "b"
    step = rng.uniform(8, 13)
    both = p.kind == "avenue" or rng.random() < 0.75
    for side in (-1, 1) if both else (rng.choice([-1, 1]),):
        along = rng.uniform(3, 9)
        while along < p.length - 8:
            across = side * (p.half + (p.verge / 2 + 0.16 if p.verge else 0.75))
            kept_free = site.on_crossing(along, 3.5) or site.on_zebra(along, 3.5) or site.before_lens(along, side, 9)
            if not kept_free and site.free(along, across, 2.0, 2.0) and rng.random() < 0.9:
                size = rng.uniform(0.8, 1.08) * (0.78 if p.pave < 3 else 1.0)
                add_tree(site, species, rng.randrange(VARIANTS), _grown_at(site, rng, along, across, size))
            along += step * rng.uniform(0.9, 1.1)


def _gardens(site: Site, rng: Random, side: int) -> None:
    p = site.parameters
    along = 2.0
    while along < p.length - 8:
        across = side * (p.half + p.pave + rng.uniform(0.8, max(0.9, p.garden - 1)))
        if not site.on_crossing(along, 3.5):
            if rng.random() < 0.28:
                _tree(site, rng, along, across, rng.uniform(0.45, 0.8))
            elif rng.random() < 0.7:
                at = _grown_at(site, rng, along, across, rng.uniform(0.7, 1.7))
                add_shrub(site, rng.randrange(SHRUBS), at)
        along += rng.uniform(1.6, 4.5)


def _tree(site: Site, rng: Random, along: float, across: float, size: float) -> None:
    at = _grown_at(site, rng, along, across, size)
    add_tree(site, rng.choice(list(SPECIES)), rng.randrange(VARIANTS), at)


def _grown_at(site: Site, rng: Random, along: float, across: float, size: float) -> Any:
    return pose(site.line.point(along, across, 0.12), rng.uniform(0, FULL_TURN), size)
