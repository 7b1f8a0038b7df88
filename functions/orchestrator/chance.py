"""The chance that what most models answer is right, for a whole photo: `shared.chance` over its maps."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.chance import table
from shared.chance.votes import count_votes
from shared.decoding_cost import count_scans
from shared.inference.confidence import LONG_SIDE, enlarged

Bytes = NDArray[np.uint8]


class ConfidenceError(Exception):
    """A file is no confidence map."""


def read_confidence(png: bytes) -> Bytes:
    """255 x probability, h×w, of a confidence PNG; raises `ConfidenceError`."""
    try:
        count_scans(png)  # chunks without end
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        if image.mode != "L" or max(image.size) > LONG_SIDE:
            raise ConfidenceError(f"{image.mode} of {image.size}, not L of at most {LONG_SIDE} px")
        return np.asarray(image)
    except (MemoryError, ConfidenceError):
        raise
    except Exception as error:  # decoders raise whatever their authors thought of
        raise ConfidenceError(str(error)) from error


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
    return round(float(votes.winner(known.of(votes)).mean()), 4)


@cache
def _table() -> table.Chance:
    return table.load()
