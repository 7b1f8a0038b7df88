"""Calibration: of the pixels with confidence 0.8, eight in ten should be right.

Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks. ICML 2017.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

BINS = 15
DRAWS = 1000
COLOURS = {"before": "#d98324", "after": "#1f6feb"}


def reliability(confidence: Tensor, right: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Share of pixels, mean confidence and share of right answers of each of `BINS` equal bins of confidence."""
    place = (confidence * BINS).long().clamp(max=BINS - 1)
    count = torch.bincount(place, minlength=BINS).clamp(min=1)
    mean = torch.bincount(place, confidence.double(), BINS) / count
    accuracy = torch.bincount(place, right.double(), BINS) / count
    return torch.bincount(place, minlength=BINS) / len(confidence), mean, accuracy


def expected_calibration_error(confidence: Tensor, right: Tensor) -> float:
    """Mean distance of confidence from accuracy over bins, weighted by their pixels (Guo et al., equation 3)."""
    share, mean, accuracy = reliability(confidence, right)
    return float((share * (mean - accuracy).abs()).sum())


def interval(confidence: Tensor, right: Tensor, photo: Tensor) -> tuple[float, float]:
    """The 95 % interval of the calibration error, by a bootstrap over photos."""
    count = int(photo.max()) + 1
    place = photo * BINS + (confidence * BINS).long().clamp(max=BINS - 1)
    # By photo and bin: by how much confidence is above being right, and the number of pixels.
    excess = torch.bincount(place, confidence.double() - right.double(), count * BINS).view(count, BINS)
    pixels = torch.bincount(place, minlength=count * BINS).view(count, BINS).sum(1)
    drawn = torch.randint(count, (DRAWS, count), generator=torch.Generator().manual_seed(0))
    errors = excess[drawn].sum(1).abs().sum(1) / pixels[drawn].sum(1)
    low, high = errors.quantile(torch.tensor([0.025, 0.975], dtype=errors.dtype)).tolist()
    return low, high


def draw(axis: Any, title: str, before: Tensor, after: Tensor, right: Tensor) -> None:
    """A reliability diagram on a matplotlib axis: share of right answers by confidence, before and after."""
    axis.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    for label, confidence in (("before", before), ("after", after)):
        share, mean, accuracy = reliability(confidence, right)
        error = expected_calibration_error(confidence, right)
        seen = share > 0.001  # a bin of a few pixels says nothing
        axis.plot(mean[seen], accuracy[seen], "o-", ms=3, color=COLOURS[label], label=f"{label}: ECE {error:.3f}")
    axis.set(xlabel="confidence", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axis.set_title(title, fontsize=9)
    axis.legend(loc="upper left", fontsize=8, frameon=False)
