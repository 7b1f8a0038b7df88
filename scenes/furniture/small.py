"""Bollards, bins, cabinets, and the tables before cafés."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
from mathutils import Matrix

from scenes.furniture.placing import TO_ROAD, stand
from scenes.label import Label
from scenes.mesh import Builder
from scenes.site import Site

BOLLARD = [
    (0.075, 0),
    (0.075, 0.02),
    (0.052, 0.03),
    (0.052, 0.80),
    (0.045, 0.805),
    (0.045, 0.83),
    (0.052, 0.835),
    (0.052, 0.93),
    (0.044, 0.94),
    (0, 0.94),
]
WHEELIE = ("paint:#2f3a30", "paint:#2c2e30", "paint:#4a3626", "paint:#2a3f57")
LIDS = ("paint:#2f3a30", "paint:#2c2e30", "paint:#7a6a20")


def bollards(site: Site) -> None:
    """A row of them along one kerb or both, in streets that have them."""
    rng = site.random("bollards")
    p = site.parameters
    if p.kind not in ("oldtown", "mixed", "modern") or p.verge or rng.random() > 0.7:
        return
    metal = rng.choice(["paint:#2b2d2f", "galvanised", "paint:#3a3f3c"])
    mesh = site.mesh("bollard", lambda b: b.lathe(BOLLARD, 16, metal))
    for side in (-1, 1) if rng.random() < 0.6 else (rng.choice([-1, 1]),):
        for along in np.arange(3.0, 60.0, 1.9):
            across = side * (p.half + 0.38)
            if not site.on_crossing(along, 3.2) and site.free(along, across, 0.6, 0.6):
                site.place(mesh, Label.POLE, stand(site, along, across))


def bins_and_cabinets(site: Site) -> None:
    """Litter bins, refuse bins and switch cabinets: none of the classes."""
    rng = site.random("bins")
    p = site.parameters
    for _ in range(rng.randint(2, 6)):
        along, side = rng.uniform(9, 55), rng.choice([-1, 1])
        across = side * (p.half + p.pave - 0.45 if rng.random() < 0.6 else p.half + 0.5 + p.verge)
        kept_free = site.on_crossing(along, 1) or site.on_zebra(along, 2.6) or site.before_lens(along, side, 16)
        if kept_free or not site.free(along, across, 1.2, 0.8):
            continue
        b = Builder()
        rng.choice([_litter_bin, _cabinet, _wheelie_bins, _wheelie_bins])(b, rng)
        site.add(b, Label.VOID, stand(site, along, across, TO_ROAD[side]))
        site.take(along, across)


def _litter_bin(b: Builder, _: Random) -> None:
    b.lathe([(0.20, 0.12), (0.24, 0.85), (0.26, 0.87), (0.20, 0.98), (0, 1.0)], 18, "paint:#34413a")
    b.tube((0, 0, 0), (0, 0, 0.2), 0.05, sides=8, material="dark_metal")


def _cabinet(b: Builder, rng: Random) -> None:
    b.box((-0.45, -0.18, 0), (0.45, 0.18, 1.15), rng.choice(["paint:#7d8178", "paint:#59655d"]))
    b.box((-0.48, -0.21, 1.15), (0.48, 0.21, 1.2), "paint:#6d7169")
    b.box((-0.004, -0.185, 0.1), (0.004, -0.178, 1.1), "dark")


def _wheelie_bins(b: Builder, rng: Random) -> None:
    for i in range(rng.choice([1, 2, 3])):
        x = 0.68 * i
        b.box((x - 0.26, -0.30, 0.08), (x + 0.26, 0.30, 0.98), rng.choice(WHEELIE), taper=1.12)
        b.box((x - 0.31, -0.36, 0.98), (x + 0.31, 0.34, 1.06), rng.choice(LIDS))
        for dx in (-0.2, 0.2):
            b.tube((x + dx - 0.03, 0.30, 0.1), (x + dx + 0.03, 0.30, 0.1), 0.1, sides=12, material="rubber")


def cafe_tables(site: Site) -> None:
    """Tables, chairs and now and then a parasol, on broad dry pavements with shops."""
    rng = site.random("tables")
    p = site.parameters
    if p.street.shops < 0.3 or p.pave - p.verge < 3.2 or p.wet or rng.random() > 0.6:
        return
    along, side = rng.uniform(16, 40), rng.choice([-1, 1])
    for i in range(rng.randint(2, 4)):
        where, across = along + 1.9 * i, side * (p.half + p.pave - 0.95)
        if site.on_crossing(where, 4) or site.before_lens(where, side, 14) or not site.free(where, across, 1.0, 0.9):
            continue
        site.add(_table(rng), Label.VOID, stand(site, where, across, rng.uniform(0, 1.5)))
        site.take(where, across)


def _table(rng: Random) -> Builder:
    b = Builder()
    b.lathe(
        [(0.22, 0), (0.22, 0.02), (0.03, 0.04), (0.03, 0.70), (0.33, 0.71), (0.33, 0.735), (0, 0.735)], 20, "dark_metal"
    )
    cloth = rng.choice(["paint:#5a3d28", "paint:#2f4a3c", "paint:#6b2422"])
    for i in range(2):
        turn: Any = Matrix.Rotation(math.pi * i + rng.uniform(-0.4, 0.4), 4, "Z")
        with b.within(turn):
            b.box((-0.20, 0.42, 0.43), (0.20, 0.82, 0.46), cloth)
            b.box((-0.20, 0.79, 0.46), (0.20, 0.82, 0.86), cloth)
            for x in (-0.18, 0.18):
                for y in (0.44, 0.80):
                    b.tube((x, y, 0), (x, y, 0.45), 0.012, sides=6, material="dark_metal")
    return b
