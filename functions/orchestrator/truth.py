"""How good a label map is, held against ground truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.orchestrator.documents import Scores
from shared.contracts.labels import CLASS_NAMES

_CLASSES = len(CLASS_NAMES)


def scores(labels: NDArray[np.uint8], truth: NDArray[np.uint8]) -> Scores | None:
    """Score `labels`, height×width ids, by `truth`, which may have another size; pixels of no class do not count.

    None when no pixel of the truth has a class.
    """
    if truth.shape != labels.shape:
        size = (labels.shape[1], labels.shape[0])
        truth = np.asarray(Image.fromarray(truth).resize(size, Image.Resampling.NEAREST))
    counted = truth < _CLASSES
    if not counted.any():
        return None
    pairs = truth[counted].astype(np.intp) * _CLASSES + labels[counted]
    confusion = np.bincount(pairs, minlength=_CLASSES**2).reshape(_CLASSES, _CLASSES)
    hits, shown, answered = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    iou = {
        name: round(float(hits[c] / (shown[c] + answered[c] - hits[c])), 4) if shown[c] else None
        for c, name in enumerate(CLASS_NAMES)
    }
    present = [value for value in iou.values() if value is not None]
    return Scores(
        miou=round(sum(present) / len(present), 4),
        pixel_accuracy=round(float(hits.sum() / counted.sum()), 4),
        classes=iou,
    )
