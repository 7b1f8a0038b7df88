"""The types of street that there are."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A type of street; lengths in metres, `plot` the width of a house, `shops` the share of houses with one."""

    half: Range
    pave: Range
    plot: Range
    floors: tuple[int, int]
    styles: tuple[str, ...]
    shops: float
    paving: tuple[str, ...]
    centre: tuple[str, ...]
    trees: float
    parking: tuple[float, float] = (2.0, 2.0)
    garden: Range = (0.0, 0.0)
    gap: float = 0.0


KINDS = {
    "oldtown": Kind(
        half=(3.4, 4.4),
        pave=(2.0, 3.2),
        plot=(6, 11),
        floors=(3, 5),
        styles=("old",),
        shops=0.7,
        paving=("slab", "sett", "small"),
        centre=("none", "dash"),
        trees=0.15,
        parking=(0, 0),
    ),
    "avenue": Kind(
        half=(6.6, 8.0),
        pave=(4.0, 5.5),
        plot=(12, 20),
        floors=(4, 6),
        styles=("old", "old", "modern"),
        shops=0.6,
        paving=("slab", "big"),
        centre=("dash", "solid"),
        trees=0.95,
    ),
    "brick": Kind(
        half=(4.6, 5.4),
        pave=(2.0, 2.8),
        plot=(6, 8),
        floors=(2, 3),
        styles=("brick",),
        shops=0.12,
        paving=("slab", "small"),
        centre=("none", "dash"),
        trees=0.35,
    ),
    "suburb": Kind(
        half=(3.6, 5.2),
        pave=(1.8, 2.4),
        plot=(11, 15),
        floors=(2, 2),
        styles=("houses",),
        shops=0.0,
        paving=("slab", "small"),
        centre=("none", "dash"),
        trees=0.7,
        parking=(0, 2.0),
        garden=(4, 6),
        gap=4.5,
    ),
    "modern": Kind(
        half=(5.6, 7.0),
        pave=(3.0, 4.5),
        plot=(15, 26),
        floors=(4, 6),
        styles=("modern", "modern", "old"),
        shops=0.4,
        paving=("big", "slab"),
        centre=("dash", "solid"),
        trees=0.7,
    ),
    "mixed": Kind(
        half=(5.0, 6.4),
        pave=(2.4, 3.6),
        plot=(8, 16),
        floors=(2, 5),
        styles=("old", "brick", "modern", "old"),
        shops=0.5,
        paving=("slab", "small", "big"),
        centre=("dash", "solid"),
        trees=0.5,
        parking=(0, 2.0),
    ),
}
