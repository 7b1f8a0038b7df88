"""Fits the chance of being right to the user's own models: what `tripane calibrate` does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.chance.table import Chance, Tally
from shared.chance.votes import count_votes
from shared.contracts.labels import IGNORE
from shared.contracts.problems import ProblemError
from shared.inference.decode import open_image, upright_size
from shared.inference.model import Model
from tripane import job, photos
from tripane.errors import UsageError
from tripane.photos import UnreadableError
from tripane.records import Record
from tripane.truth import label_map
from tripane.truth.label_map import TruthError
from tripane.truth.mapping import Mapping

STEP = 4  # every so many pixels in both directions: neighbours say the same
FOLDS = 5
LEAST = 10
BINS = 15


@dataclass(frozen=True)
class Sample:
    """A photo's labelled pixels, models×pixels: class ids, 255 x confidence, and whether each answer is right."""

    labels: NDArray[np.uint8]
    confidence: NDArray[np.uint8]
    right: NDArray[np.bool_]


def sample(photo: photos.Photo, truth: Path, mapping: Mapping, models: Sequence[Model]) -> Sample:
    """Ask the models for a photo and hold their answers to its label map.

    Raises `UnreadableError`, `ProblemError` or `TruthError` for a photo that cannot be used, or that a model fails on.
    """
    data = photo.read()
    record = Record(photo.name)
    answers = job.ask(models, data, record)
    if failed := [answer.reason for answer in record.answers.values() if answer.reason]:
        raise UnreadableError(failed[0])
    labels = label_map.read(truth, mapping, answers.size, upright_size(open_image(data)))[::STEP, ::STEP]
    known = labels != IGNORE
    if not known.any():
        raise TruthError(f"{truth.name} labels none of the pixels that are looked at")
    given = answers.labels[:, ::STEP, ::STEP][:, known]
    return Sample(given, answers.confidence(STEP)[:, known], given == labels[known])


UNUSABLE = (UnreadableError, ProblemError, TruthError)
"""Exceptions for a photo that adds nothing."""


def fit(samples: Sequence[Sample], models: Sequence[str], source: str) -> Chance:
    """The table of all samples, with its predictions for photos that it was not fitted on.

    Raises `UsageError` for too few photos.
    """
    if len(models) < 2:
        raise UsageError("A calibration needs two models at least: it is fitted to how they agree.")
    if len(samples) < LEAST:
        raise UsageError(f"A calibration needs {LEAST} photos with label maps at least; {len(samples)} could be used.")
    errors, foretold, found = [], [], []
    for fold in range(FOLDS):
        # In blocks: neighbours in order of name are often of one walk or drive, and alike.
        inside = [at * FOLDS // len(samples) == fold for at in range(len(samples))]
        without = _table([s for s, here in zip(samples, inside, strict=True) if not here])
        for one in (s for s, here in zip(samples, inside, strict=True) if here):
            votes = count_votes(one.labels, one.confidence)
            chance, right = without.of_winner(votes), votes.winner(one.right)
            errors.append(_by_bin(chance, right))
            foretold.append(float(chance.mean()))
            found.append(float(right.mean()))
    count, chance_sum, right_sum = np.sum(errors, 0)
    figures = {
        "photos": len(samples),
        "ECE": round(float(np.abs(chance_sum - right_sum).sum() / count.sum()), 4),
        "mean error of a photo's pixel accuracy": round(float(np.abs(np.subtract(foretold, found)).mean()), 4),
    }
    return replace(_table(samples), models=tuple(models), source=source, figures=figures)


def save(chance: Chance, path: Path) -> None:
    """Write a table for `--chance`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(chance.document(), indent=1) + "\n", encoding="utf-8")


def _table(samples: Sequence[Sample]) -> Chance:
    tally = Tally()
    for one in samples:
        tally.add(one.labels, one.confidence, one.right)
    return tally.fit()


def _by_bin(chance: NDArray[np.float32], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Pixels, sum of chances and right answers, by bin of chance."""
    place = (chance * BINS).astype(int).clip(max=BINS - 1)
    return np.stack(
        [np.bincount(place, values, BINS) for values in (np.ones(len(chance)), chance, right.astype(float))]
    )
