"""What is known of one photo: what a worker finds, a report's journal keeps, and every table is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite, isqrt
from pathlib import PurePosixPath
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from shared.contracts.labels import CLASS_NAMES, CLASSES

FROM_FILE_TO_MAPS = ("decode", "preprocess", "network", "postprocess", "encode")
"""The stages that `total_ms` adds up, wherever the model ran."""
SIDE = len(CLASSES) + 1
"""Rows and columns of a confusion matrix: the classes, and last, none of them."""


def matrices(flat: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Confusion matrices that are kept row by row: many×SIDE×SIDE. Those of older reports are of the classes alone."""
    kept = np.array(flat, np.int64)
    side = isqrt(kept.shape[-1]) if len(flat) else SIDE
    more = SIDE - side
    return np.pad(kept.reshape(-1, side, side), ((0, 0), (0, more), (0, more)))


def is_below(name: str) -> bool:
    """Whether a photo's name, as a path, stays below whatever folder it is looked for in."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


@dataclass
class Answer:
    """What one model made of a photo.

    `agreement`: share of pixels where it gives the winning answer. `confidence` and `chance_right`: means over pixels.
    `shares`: of each class by id. With truth: `matrix`, the confusion matrix row by row, and `boundary`, how many
    pixels along outlines are right and how many there are. `reason` says why there is none of this.
    """

    reason: str | None = None
    agreement: float | None = None
    confidence: float | None = None
    chance_right: float | None = None
    network_ms: float | None = None
    total_ms: float | None = None
    shares: list[float] = field(default_factory=list)
    matrix: list[int] | None = None
    boundary: tuple[int, int] | None = None

    @property
    def done(self) -> bool:
        """Whether the model answered."""
        return self.reason is None

    @classmethod
    def told(cls, document: Mapping[str, Any]) -> Self:
        """What a model's document says that is "ok": the API's of it, or its `result.json`.

        Raises `KeyError`, `TypeError`, `AttributeError` or `ValueError` for a document that says nothing of the kind.
        """
        timings, classes = document["timings_ms"], document["classes"]
        return cls(
            confidence=_finite(document["confidence"]),
            network_ms=None if timings.get("network") is None else _finite(timings["network"]),
            total_ms=round(sum(_finite(timings.get(stage) or 0.0) for stage in FROM_FILE_TO_MAPS), 1),
            shares=[_finite(classes.get(name, 0.0)) for name in CLASS_NAMES],
        )


def _finite(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError(f"{value} is no figure")
    return number


@dataclass
class Stressed:
    """A model's answer to a photo made worse: the share of pixels where it is that to the clean photo, and with truth,
    by class, how many pixels are right, are of it, and are called it.
    """

    same: float
    counts: list[list[int]] = field(default_factory=list)


@dataclass
class Record:
    """A photo: its name in the report, the stamp of its file, and what came of it.

    `size` is width and height of the maps in px, `upright` of the upright photo. `reason` says why the photo could not
    be read, `truth_reason` why its label map could not be used. `all_agree` is the share of pixels on which all models
    that answered agree, and `chance_right` the mean chance that the winning answer is right. `pairs` holds for each two
    models, as "one two", the confusion matrix of their answers row by row; `stress`, by model and kind, the answers by
    severity from 1 on.
    """

    photo: str
    stamp: str = ""
    reason: str | None = None
    size: tuple[int, int] | None = None
    upright: tuple[int, int] | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    pairs: dict[str, list[int]] = field(default_factory=dict)
    all_agree: float | None = None
    chance_right: float | None = None
    truth: str | None = None
    truth_reason: str | None = None
    stress: dict[str, dict[str, list[Stressed]]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The record as JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Record:
        """The inverse of `document`; raises `TypeError` or `KeyError` when it is not one, or its names lead away."""
        if document["reason"] is None and not all(map(is_below, (document["photo"], *document["answers"]))):
            raise TypeError(f"{document['photo']!r} leads out of the report")
        answers = {name: Answer(**answer) for name, answer in document["answers"].items()}
        stress = {
            model: {kind: [Stressed(**each) for each in found] for kind, found in kinds.items()}
            for model, kinds in document.get("stress", {}).items()
        }
        return cls(**document | {"answers": answers, "stress": stress})

    @property
    def doubt(self) -> float:
        """What photos are ranked by, worst first: the chance of being wrong where it is known, else disagreement."""
        if self.chance_right is not None:
            return 1 - self.chance_right
        return 1 - self.all_agree if self.all_agree is not None else -1.0
