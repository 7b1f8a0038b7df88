"""What follows from several models' answers together: where they agree, how likely most are right, how right they are.

It is all that the orchestrator needs numpy for, so it is imported while the first models are asked, not in a cold
start.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import NamedTuple

from functions.orchestrator.agreement import LabelMap, agreement
from functions.orchestrator.chance import ConfidenceError, chance_right, read_confidence
from functions.orchestrator.label_maps import LabelsError, read_labels
from functions.orchestrator.schemas import Agreement, Truth
from functions.orchestrator.store import Photo, Store
from functions.orchestrator.truth import scores
from shared import storage
from shared.contracts.limits import result_size

log = logging.getLogger(__name__)

Versions = tuple[tuple[str, str], ...]
"""Models that have answered, and which version of each."""


class Judgement(NamedTuple):
    """What follows from several answers together."""

    agreement: Agreement | None
    chance_right: float | None
    truth: Truth | None


def judge(store: Store, photo: Photo, versions: Versions) -> Judgement:
    """The agreement of the label maps of `versions`, and how right they are."""
    width, height = photo.info.width, photo.info.height
    size, maps = result_size(width, height), {}
    for model, version in versions:
        key = photo.results_prefix(model, version) + storage.LABELS
        try:
            maps[model] = store.read_map(key, partial(read_labels, size=size))
        except LabelsError as error:
            log.warning("the labels of %s cannot be read: %s", model, error)
    truth = None
    if photo.sample and (png := store.read(storage.sample_labels_key(photo.sample))):
        labels = read_labels(png, (width, height), scaled_to=size)
        truth = Truth(
            href=f"/v1/comparisons/{photo.id}/truth.png",
            labelling="annotator-style: small holes in crowns, railings and wheels are closed",
            models={model: scores(answer, labels) for model, answer in maps.items()},
        )
    return Judgement(agreement(maps) if len(maps) > 1 else None, _chance_right(store, photo, versions, maps), truth)


def _chance_right(store: Store, photo: Photo, versions: Versions, labels: dict[str, LabelMap]) -> float | None:
    """The chance that what most models answer is right; None when a map of confidence cannot be read."""
    confidence = {}
    for model, version in versions:
        key = photo.results_prefix(model, version) + storage.CONFIDENCE
        try:
            confidence[model] = store.read_map(key, read_confidence)
        except ConfidenceError as error:
            log.warning("the confidence of %s cannot be read: %s", model, error)
    return chance_right(labels, confidence) if labels.keys() == confidence.keys() else None
