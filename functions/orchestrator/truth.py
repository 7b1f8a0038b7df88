"""Scores of label maps against ground truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from functions.orchestrator.schemas import TruthScores
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.scoring import confusion, iou, mean_iou, with_nothing


def scores(answer: NDArray[np.uint8], truth: NDArray[np.uint8]) -> TruthScores:
    """IoU of each class, mean IoU over the classes that the truth holds, and pixel accuracy.

    Both maps are H×W ids of one size; pixels whose truth is 255 do not count. A class that neither holds is None.
    """
    known = truth != IGNORE
    classes = len(CLASS_NAMES)
    matrix = confusion(truth[known], with_nothing(answer[known], classes), classes + 1)
    pixels = int(matrix.sum())
    return TruthScores(
        miou=_rounded(mean_iou(matrix)),
        pixel_accuracy=_rounded(int(np.trace(matrix)) / pixels) if pixels else None,
        classes={name: _rounded(share) for name, share in zip(CLASS_NAMES, iou(matrix)[:-1].tolist(), strict=True)},
    )


def _rounded(share: float) -> float | None:
    return None if np.isnan(share) else round(share, 4)
