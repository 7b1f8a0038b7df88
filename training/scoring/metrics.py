"""Scores of label maps, from one confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared import scoring


class Scores:
    """Gathers label maps against truth that may leave classes open.

    Where a pixel's label is one class, it counts in the confusion matrix (row: truth, column: answer), from which
    IoU comes. Every labelled pixel counts for pixel accuracy: an answer is right when the pixel may be that class.
    """

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.matrix: scoring.Matrix = np.zeros((classes, classes), np.int64)
        self.right = 0
        self.labelled = 0

    def add(self, answer: NDArray[np.uint8], truth: NDArray[np.int16]) -> None:
        """Count one label map, H×W ids, against H×W bit sets."""
        answer, truth = answer.ravel().astype(np.int64), truth.ravel().astype(np.int64)
        labelled = truth > 0
        self.labelled += int(labelled.sum())
        self.right += int((truth[labelled] >> answer[labelled] & 1).sum())
        exact = labelled & (truth & (truth - 1) == 0)
        ids = np.log2(truth[exact]).astype(np.int64)
        self.matrix += scoring.confusion(ids, answer[exact], self.classes)

    @property
    def pixel_accuracy(self) -> float:
        """Share of labelled pixels whose answer may be right; NaN when nothing is labelled."""
        return self.right / self.labelled if self.labelled else float("nan")

    @property
    def iou(self) -> NDArray[np.float64]:
        """Intersection over union by class; NaN for a class that neither truth nor answers hold."""
        return scoring.iou(self.matrix)

    @property
    def miou(self) -> float:
        """Mean IoU over the classes that the truth holds; NaN when it holds none."""
        return scoring.mean_iou(self.matrix)
