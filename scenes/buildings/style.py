"""How a house is to look."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from scenes.colour import Colour, linear

WALLS = {
    "plaster": (
        "#d9cdb4 #cbb894 #c9a98a #d8d4c8 #b9b6a8 #d3b9a0 #c4c7c0 #cfa77c #b7a58d #a9b0a6 #dcd6c6 #c8917a #e0dccf "
        "#bfae95 #d5c07f #a7b3bb"
    ).split(),
    "brick": "#8e4f3a #7c4535 #9c6247 #a8785a #6f4236 #8a6a52 #b08f6c".split(),
    "stone": "#c4b698 #b5ac9a #a9a293 #cdbfa2".split(),
}
FRAMES = ("frame", "frame", "frame", "frame_dark", "paint:#4a5a4a", "paint:#6b5138")
OF_KIND = {
    "old": (("plaster", "plaster", "stone", "plaster", "brick"), ("pitched", "mansard", "pitched", "flat")),
    "brick": (("brick", "brick", "brick", "plaster"), ("pitched", "gable", "pitched")),
    "modern": (("plaster", "brick", "plaster"), ("flat",)),
    "houses": (("brick", "plaster", "brick"), ("pitched", "gable", "pitched")),
}
"""Walls and roofs that houses of a kind may have."""


@dataclass(frozen=True)
class Style:
    """Materials and manners; `kind` is one of `OF_KIND`."""

    kind: str
    wall: str
    roof: str
    tile: str
    colour: Colour
    window: str
    frame: str
    storey: float
    window_width: float
    window_share: float
    """A window's height as a share of its storey's."""
    surround: int
    """0 none, 1 a band all round, 2 with a hood above, 3 a lintel."""

    @property
    def modern(self) -> bool:
        """Whether it is a block of flats of the last decades."""
        return self.kind == "modern"

    @property
    def detached(self) -> bool:
        """Whether it stands by itself in a garden."""
        return self.kind == "houses"


def draw(rng: Random, kind: str) -> Style:
    """A style of that kind."""
    walls, roofs = OF_KIND[kind]
    wall, roof = rng.choice(walls), rng.choice(roofs)
    modern = kind == "modern"
    return Style(
        kind=kind,
        wall=wall,
        roof=roof,
        tile="roof:slate" if roof == "mansard" else "roof:" + rng.choice(["tile", "tile", "slate"]),
        colour=linear(rng.choice(WALLS[wall])),
        window="modern" if modern else rng.choice(["casement", "sash", "cross"]),
        frame=rng.choice(FRAMES),
        storey=rng.uniform(2.6, 2.9) if kind == "houses" else rng.uniform(2.9, 3.5),
        window_width=rng.uniform(1.7, 2.4) if modern else rng.uniform(1.0, 1.35),
        window_share=0.48 if kind == "houses" else rng.uniform(0.56, 0.68),
        surround=0 if modern else rng.choice([0, 1, 1, 2, 3]),
    )
