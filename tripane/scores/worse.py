"""What corruption costs a model: its answers against its own for the clean photo, and against the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASSES, IGNORE
from shared.stress import SEVERITIES
from tripane.records import Record, Stressed

CLEAN = "clean"


@dataclass(frozen=True)
class Worse:
    """A model's class ids, H×W, for a photo made worse by a kind of `shared.stress`; the clean one comes first."""

    kind: str
    model: str
    labels: NDArray[np.uint8]


def note(answers: Iterator[Worse], record: Record, truth: NDArray[np.uint8] | None) -> None:
    """Note how far each answer is the one for the clean photo, and how right it is where `truth`, H×W, is known.

    A kind of which a model has not answered every severity counts for nothing, and is not noted.
    """
    clean: dict[str, NDArray[np.uint8]] = {}
    for answer in answers:
        same = float((answer.labels == clean.setdefault(answer.model, answer.labels)).mean())
        by_kind = record.stress.setdefault(answer.model, {}).setdefault(answer.kind, [])
        by_kind.append(Stressed(round(same, 4), _counts(answer.labels, truth)))
    for kinds in record.stress.values():
        for kind in [kind for kind, found in kinds.items() if kind != CLEAN and len(found) < len(SEVERITIES)]:
            del kinds[kind]


def _counts(labels: NDArray[np.uint8], truth: NDArray[np.uint8] | None) -> list[list[int]]:
    """How many pixels are right, are of a class, are called it, by class where the truth is known; nothing without."""
    if truth is None:
        return []
    if truth.shape != labels.shape:
        truth = np.asarray(Image.fromarray(truth).resize(labels.shape[::-1], Image.Resampling.NEAREST))
    known = truth != IGNORE
    return [_histogram(each) for each in (truth[known & (truth == labels)], truth[known], labels[known])]


def _histogram(ids: NDArray[Any]) -> list[int]:
    return np.bincount(ids, minlength=256)[: len(CLASSES)].tolist()
