"""Leaves as folded quads."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Points, unit_rows


def leaf_quads(stalks: Points, rng: np.random.Generator, size: float, hang: float) -> Points:
    """n×4×3 corners of leaves about `size` metres long at n stalks; `hang` turns their tips down."""
    count = len(stalks)
    along = rng.normal(size=(count, 3))
    along[:, 2] -= hang
    along = unit_rows(along)
    across = unit_rows(np.cross(along, rng.normal(size=(count, 3))))
    length = size * rng.uniform(0.7, 1.3, count)[:, None]
    middle = stalks + along * length * 0.45 + np.cross(across, along) * length * 0.03
    return np.stack(
        [stalks, middle + across * length * 0.36, stalks + along * length, middle - across * length * 0.36], 1
    )
