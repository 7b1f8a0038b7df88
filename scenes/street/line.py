"""The street's centre line, along which everything is placed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenes.mesh import Point

CROWN = 0.06
"""How much higher, in metres, the middle of a carriageway is than its gutters."""


@dataclass(frozen=True)
class Line:
    """Straight for `start` metres, then of one curvature (1/m, to the right); `slope` is the grade it climbs at."""

    curve: float = 0.0
    slope: float = 0.0
    start: float = 18.0

    def heading(self, along: float) -> float:
        """Its direction, an angle to the left from the world's +y."""
        return -self.curve * max(0.0, along - self.start)

    def point(self, along: float, across: float, up: float = 0.0) -> Point:
        """The world's coordinates of a place, metres along and to the right of the line and above the ground."""
        turned = -self.heading(along)
        x, y = 0.0, along
        if abs(turned) > 1e-9:
            x = (1 - math.cos(turned)) / self.curve
            y = self.start + math.sin(turned) / self.curve
        return x + across * math.cos(turned), y - across * math.sin(turned), up + self.height(along)

    def height(self, along: float) -> float:
        """How high the ground is: level at first, then easing into the slope."""
        beyond = max(0.0, along - 5)
        return self.slope * (beyond - 25 * (1 - math.exp(-beyond / 25)))


def crown(across: float, half_width: float) -> float:
    """The height of the carriageway above its gutters: the same straight pieces as its mesh has."""
    return float(np.interp(abs(across), [0, half_width / 2, half_width], [CROWN, 0.75 * CROWN, 0.0]))
