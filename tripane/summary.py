"""Figures over all photos of a report, by model, by class and between models, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.contracts.deployment import MODEL_MEMORY_MB
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.pricing import cost_usd
from shared.scoring import iou, mean_ious
from tripane.journal import Settings
from tripane.records import Answer, Record, matrices
from tripane.scores import bootstrap, figures, stress_summary
from tripane.scores.bootstrap import Interval

Figure = dict[str, float] | None


def summarise(settings: Settings, records: Sequence[Record]) -> dict[str, Any]:
    """The summary, as `--json` prints it and the page shows it. Shares and scores are from 0 to 1."""
    read = [record for record in records if record.reason is None]
    return {
        "folder": settings.folder,
        "truth": settings.truth,
        "labels": settings.labels,
        "labels_note": settings.labels_note,
        "place": settings.place,
        "calibrated": settings.calibrated,
        "calibration": settings.source,
        "photos": len(records),
        "scored": sum(record.truth is not None for record in read),
        "unreadable": [{"photo": r.photo, "reason": r.reason} for r in records if r.reason],
        "unscored": [{"photo": r.photo, "reason": r.truth_reason} for r in read if r.truth_reason],
        "all_agree": _mean([record.all_agree for record in read]),
        "chance_right": _mean([record.chance_right for record in read]),
        "models": [_model(name, settings, read) for name in settings.models],
        "stress": stress_summary.summarise(settings.models, read),
        "pairs": [_pair(pair, read) for pair in sorted({pair for record in read for pair in record.pairs})],
    }


def _model(name: str, settings: Settings, records: Sequence[Record]) -> dict[str, Any]:
    answers = [record.answers[name] for record in records if name in record.answers]
    done = [answer for answer in answers if answer.done]
    milliseconds = [answer.total_ms for answer in done if answer.total_ms is not None]
    network_ms = [answer.network_ms for answer in done if answer.network_ms is not None]
    shares = [answer.shares for answer in done if answer.shares]
    each = float(np.mean(milliseconds)) if milliseconds else None
    return {
        "name": name,
        "title": settings.titles.get(name, name),
        "version": settings.models[name],
        "answered": len(done),
        "failed": len(answers) - len(done),
        **{key: _mean([getattr(a, key) for a in done]) for key in ("agreement", "confidence", "chance_right")},
        "network_ms": float(np.median(network_ms)) if network_ms else None,
        "total_ms": float(np.median(milliseconds)) if milliseconds else None,
        "seconds_per_thousand": each and round(each / settings.jobs, 1),
        "lambda_usd_per_thousand": each and round(1000 * cost_usd(ceil(each), MODEL_MEMORY_MB), 4),
        "shares": dict(zip(CLASS_NAMES, np.mean(shares, 0).round(6).tolist(), strict=True)) if shares else {},
        **_scored([answer for answer in done if answer.matrix]),
    }


def _scored(answers: Sequence[Answer]) -> dict[str, Any]:
    """Scores of one model over the photos that have a label map."""
    if not answers:
        return {}
    counts = matrices([answer.matrix or [] for answer in answers])
    outlines = [answer.boundary for answer in answers if answer.boundary]
    total = counts.sum(0)
    by_class = [_figure(interval) for interval in bootstrap.intervals(counts, iou)]
    held = total.sum(1) > 0
    return {
        "pixel_accuracy": _single(counts, figures.accuracy),
        "miou": _single(counts, mean_ious),
        "boundary_accuracy": _single(np.array(outlines), figures.share) if outlines else None,
        # A class that the label maps never hold is not scored, whatever a model answers.
        "iou": {name: by_class[i] if held[i] else None for i, name in enumerate(CLASS_NAMES)},
        "confusion": total[:-1].tolist(),
    }


def _pair(pair: str, records: Sequence[Record]) -> dict[str, Any]:
    counts = matrices([r.pairs[pair] for r in records if pair in r.pairs])
    classes = bootstrap.intervals(counts, iou)
    return {
        "models": pair.split(" "),
        "agreement": _single(counts, figures.accuracy),
        "iou": {name: _figure(interval) for name, interval in zip(CLASS_NAMES, classes[:-1], strict=True)},
    }


def _mean(values: Sequence[float | None]) -> Figure:
    known = [value for value in values if value is not None]
    return _single(np.array([[value, 1.0] for value in known]), figures.share) if known else None


def _single(counts: NDArray[Any], statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Figure:
    (interval,) = bootstrap.intervals(counts, statistic)
    return _figure(interval)


def _figure(interval: Interval) -> Figure:
    """A figure as JSON; nothing where there is none."""
    if np.isnan(interval.value):
        return None
    return {key: round(value, 4) for key, value in interval._asdict().items()}
