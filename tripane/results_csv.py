"""`results.csv`: a row for each photo and model."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from shared.contracts.labels import CLASS_NAMES
from shared.scoring import iou, mean_ious
from tripane.records import Answer, Record, matrices
from tripane.scores import figures
from tripane.whole import whole

FILE = "results.csv"
FIXED = ["photo", "model", "status", "reason", "agreement", "confidence", "chance_right", "network_ms", "total_ms"]
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
SCORED = ["pixel_accuracy", "miou", "boundary_accuracy", "truth_reason"]


def columns(scored: bool) -> list[str]:
    """The columns, with those that need label maps or without."""
    truth = [*SCORED, *(f"iou_{name}" for name in CLASS_NAMES)] if scored else []
    return [*FIXED, *(f"share_{name}" for name in CLASS_NAMES), *truth]


def rows(records: Iterable[Record], models: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows by column; a photo that could not be read has one for each model, with the reason."""
    names = list(models)
    for record in records:
        for name in names:
            answer = record.answers.get(name) or Answer(reason=record.reason or "not asked")
            yield {
                "photo": record.photo,
                "model": name,
                "status": "done" if answer.done else "failed",
                "reason": answer.reason,
                **{key: getattr(answer, key) for key in FIXED[4:]},
                **dict(zip((f"share_{name}" for name in CLASS_NAMES), answer.shares, strict=False)),
                "truth_reason": record.truth_reason,
                **(scores(answer) if answer.matrix else {}),
            }


def scores(answer: Answer) -> dict[str, float | None]:
    """What a model's confusion matrix of a photo says."""
    (matrix,) = matrices([answer.matrix or []])
    right, pixels = answer.boundary or (0, 0)
    return {
        "pixel_accuracy": _rounded(figures.accuracy(matrix)),
        "miou": _rounded(mean_ious(matrix)),
        "boundary_accuracy": round(right / pixels, 4) if pixels else None,
        **{f"iou_{name}": _rounded(value) for name, value in zip(CLASS_NAMES, iou(matrix)[:-1], strict=True)},
    }


def write(report: Path, records: Iterable[Record], models: Iterable[str], scored: bool) -> None:
    """Write the table, whole or not at all."""
    with whole(report / FILE) as file:
        writer = csv.DictWriter(file, columns(scored), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(map(_as_text, rows(records, models)))


def _as_text(row: dict[str, Any]) -> dict[str, Any]:
    """A row without a text that begins like a formula, which it would be to a spreadsheet; a name stays a path."""
    before = {"photo": "./"}
    return {
        key: before.get(key, "'") + value if isinstance(value, str) and value.startswith(_FORMULAS) else value
        for key, value in row.items()
    }


def _rounded(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
