"""Scores of label maps, from one confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared import scoring


class Scores:
    """Collects label maps against ground truth that may allow several classes.

    Where a pixel's label is one class, it counts in the confusion matrix (row: truth, column: answer), from which
    IoU comes; where it is several, an answer that is none of them counts in the matrix's last row. Every labelled pixel
    counts for pixel accuracy: an answer is right when the pixel may be that class.
    """

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.matrix: scoring.Matrix = np.zeros((classes + 1, classes), np.int64)
        self.right = 0
        self.labelled = 0

    def add(self, answer: NDArray[np.uint8], truth: NDArray[np.int16]) -> None:
        """Count one label map, H×W ids, against H×W bit sets."""
        answer, truth = answer.ravel().astype(np.int64), truth.ravel().astype(np.int64)
        labelled = truth > 0
        self.labelled += int(labelled.sum())
        right = truth >> answer & 1 == 1
        self.right += int((labelled & right).sum())
        exact = labelled & (truth & (truth - 1) == 0)
        ids = np.log2(truth[exact]).astype(np.int64)
        self.matrix[:-1] += scoring.confusion(ids, answer[exact], self.classes)
        self.matrix[-1] += np.bincount(answer[labelled & ~exact & ~right], minlength=self.classes)

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether the truth holds each class."""
        return self.matrix[:-1].sum(1) > 0

    @property
    def pixel_accuracy(self) -> float:
        """Share of labelled pixels whose answer the label allows; NaN when nothing is labelled."""
        return self.right / self.labelled if self.labelled else float("nan")

    @property
    def iou(self) -> NDArray[np.float64]:
        """Intersection over union by class; NaN for a class that neither truth nor answers hold."""
        return scoring.iou(self.matrix)

    @property
    def miou(self) -> float:
        """Mean IoU over the classes that the truth holds; NaN when it holds none."""
        return scoring.mean_iou(self.matrix)
