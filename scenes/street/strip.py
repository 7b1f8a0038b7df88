"""Meshes that follow the street: bands between two offsets from its line."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.label import Label
from scenes.mesh import Builder, Faces, set_attribute, set_uv
from scenes.site import Site

Offsets = float | NDArray[np.float64]


class Strip:
    """Bands of ground, with (across, along) stored for the materials as `st`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._builder = Builder()
        self._st: list[tuple[float, float]] = []

    def __bool__(self) -> bool:
        return self._builder.count > 0

    def band(
        self, along: NDArray[np.float64], left: Offsets, right: Offsets, left_up: float, right_up: float, material: str
    ) -> None:
        """A band between two offsets (one for all, or one for each of `along`) at two heights, all in metres."""
        lefts, rights = np.broadcast_to(left, len(along)), np.broadcast_to(right, len(along))
        places = [
            place for s, a, b in zip(along, lefts, rights, strict=True) for place in ((s, a, left_up), (s, b, right_up))
        ]
        faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(along) - 1)]
        self.polygons(places, faces, material)

    def polygons(self, places: list[tuple[float, float, float]], faces: Faces, material: str) -> None:
        """Polygons over (along, across, up)."""
        self._builder.add([self._site.line.point(*place) for place in places], faces, material)
        self._st += [(across, along) for along, across, _ in places]

    def lay(self, label: Label) -> Any:
        """Put the bands into the scene."""
        thing = self._site.add(self._builder, label)
        set_uv(thing.data, "st", self._st)
        set_attribute(thing.data, "half", np.full(self._builder.count, self._site.parameters.half))
        return thing
