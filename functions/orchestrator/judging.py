"""What follows from several answers together: agreement, the majority's chance of being right, scores against truth.

It is all that the orchestrator needs numpy for, so it is imported while the first models are asked, not in a cold
start.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from functions.orchestrator.agreement import agreement
from functions.orchestrator.chance import chance_right
from functions.orchestrator.label_maps import read_labels
from functions.orchestrator.records import Maps, Photo
from functions.orchestrator.schemas import Agreement, Truth
from functions.orchestrator.store import Store
from functions.orchestrator.truth import scores
from shared import storage
from shared.contracts.limits import result_size
from shared.map_png import MapError

log = logging.getLogger(__name__)
Versions = tuple[tuple[str, str], ...]
"""Models that have answered, and which version of each."""


class Judgement(NamedTuple):
    """What follows from several answers together."""

    agreement: Agreement | None
    chance_right: float | None
    truth: Truth | None


def judge(store: Store, photo: Photo, found: Mapping[str, Maps]) -> Judgement:
    """The agreement of the label maps of models, and how right they are."""
    size = photo.info.width, photo.info.height
    maps = {model: one.labels for model, one in found.items() if one.labels is not None}
    truth = None
    if photo.sample and (labels := _true_labels(store, photo.sample, size, result_size(*size))) is not None:
        truth = Truth(
            href=f"/v1/comparisons/{photo.id}/truth.png",
            labelling="annotator-style: small holes in crowns, railings and wheels are closed",
            models={model: scores(answer, labels) for model, answer in maps.items()},
        )
    sure = {model: one.confidence for model, one in found.items() if one.confidence is not None}
    chance = chance_right(maps, sure) if all(one.are_whole for one in found.values()) else None
    return Judgement(agreement(maps) if len(maps) > 1 else None, chance, truth)


def _true_labels(
    store: Store, sample: str, size: tuple[int, int], scaled_to: tuple[int, int]
) -> NDArray[np.uint8] | None:
    """A sample's ground truth, scaled; None where it is missing or cannot be read, which takes no answer away."""
    png = store.read(storage.sample_labels_key(sample))
    try:
        return read_labels(png, size, scaled_to) if png else None
    except MapError:
        log.exception("the ground truth of %s cannot be read", sample)
        return None
