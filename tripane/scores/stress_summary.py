"""What models keep when photos get worse, over all photos of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.stress import KINDS
from tripane.records import Record, Stressed
from tripane.scores.worse import CLEAN


def summarise(models: Iterable[str], records: Sequence[Record]) -> dict[str, Any]:
    """`photos`, `clean_miou`, and for each kind curves over the severities, from 1 on, by model.

    `same` is the mean share of pixels that keep their answer; with truth, `miou`. Empty where nothing was made worse.
    """
    found = {name: [record.stress[name] for record in records if name in record.stress] for name in models}
    return {name: _model(kept) for name, kept in found.items() if kept}


def _model(photos: Sequence[dict[str, list[Stressed]]]) -> dict[str, Any]:
    whole = [photo for photo in photos if photo.keys() == {CLEAN, *KINDS}]
    return {
        "photos": len(whole),
        "clean_miou": _miou([photo[CLEAN][0] for photo in whole]),
        "kinds": {kind: _curves([photo[kind] for photo in whole]) for kind in KINDS} if whole else {},
    }


def _curves(photos: Sequence[Sequence[Stressed]]) -> dict[str, Any]:
    by_severity = list(zip(*photos, strict=True))
    return {
        "same": [round(float(np.mean([each.same for each in photos])), 4) for photos in by_severity],
        "miou": [_miou(photos) for photos in by_severity],
    }


def _miou(photos: Sequence[Stressed]) -> float | None:
    """Mean IoU over the classes that the truth holds, of all photos together; None without any."""
    counts = [each.counts for each in photos if each.counts]
    if not counts:
        return None
    right, held, called = np.array(counts, np.int64).sum(0)
    if not held.any():
        return None
    iou: NDArray[np.float64] = right[held > 0] / (held + called - right)[held > 0]
    return round(float(iou.mean()), 4)
