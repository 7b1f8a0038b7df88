"""The chance that what most models answer is right, for a whole photo: `shared.chance` over its maps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shared.chance import table
from shared.chance.votes import count_votes
from shared.inference.confidence import LONG_SIDE, enlarged
from shared.map_png import open_map

Bytes = NDArray[np.uint8]


def read_confidence(png: bytes) -> Bytes:
    """255 x probability, h×w, of a confidence PNG; raises `MapError`."""
    return np.asarray(open_map(png, "L", (LONG_SIDE, LONG_SIDE), exactly=False))


def chance_right(labels: Mapping[str, Bytes], confidence: Mapping[str, Bytes]) -> float | None:
    """The mean over the photo, looked at `LONG_SIDE` px wide; None for models that the table was not fitted on.

    Takes class ids, H×W, and 255 x probability, h×w, of the same models.
    """
    known = _table()
    if len(labels) < 2 or not known.covers(labels):
        return None
    height, width = next(iter(labels.values())).shape
    step = max(1, -(-max(width, height) // LONG_SIDE))
    ids = np.stack([map_[step // 2 :: step, step // 2 :: step] for map_ in labels.values()])
    size = (ids.shape[2], ids.shape[1])
    votes = count_votes(ids, np.stack([enlarged(confidence[model], size) for model in labels]))
    return round(float(known.of_winner(votes).mean()), 4)


@cache
def _table() -> table.Chance:
    return table.load()
