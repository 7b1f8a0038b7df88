"""How right label maps are, where the truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.contracts.labels import CLASS_NAMES, IGNORE


def scores(answer: NDArray[np.uint8], truth: NDArray[np.uint8]) -> dict[str, Any]:
    """IoU of each class, mean IoU over the classes that the truth holds, and pixel accuracy.

    Both maps are H×W ids of one size; pixels whose truth is 255 do not count. A class that neither holds is None.
    """
    classes = len(CLASS_NAMES)
    known = truth != IGNORE
    pairs = truth[known].astype(np.int64) * classes + answer[known]
    matrix = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    hit, held = np.diag(matrix), matrix.sum(1)
    union = held + matrix.sum(0) - hit
    iou = {name: float(hit[i] / union[i]) if union[i] else None for i, name in enumerate(CLASS_NAMES)}
    of_held = [iou[name] or 0.0 for i, name in enumerate(CLASS_NAMES) if held[i]]
    return {
        "miou": round(float(np.mean(of_held)), 4) if of_held else None,
        "pixel_accuracy": round(float(hit.sum() / matrix.sum()), 4) if of_held else None,
        "classes": {name: value if value is None else round(value, 4) for name, value in iou.items()},
    }
