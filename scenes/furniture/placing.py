"""How things stand on a pavement."""

from __future__ import annotations

import math
from typing import Any

from scenes.mesh import pose
from scenes.site import Site

UP = 0.13
TO_ROAD = {1: math.pi / 2, -1: -math.pi / 2}
"""How far a thing whose front is -y is turned so that it faces the carriageway, by side."""


def stand(site: Site, along: float, across: float, turn: float = 0.0) -> Any:
    """Where a thing stands, turned from the street's direction; unturned, its front (-y) faces the camera."""
    return pose(site.line.point(along, across, UP), site.line.heading(along) + turn)
