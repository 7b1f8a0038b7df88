"""Logits to a label map and how sure it is."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

BAND = 64
"""Rows of the result computed at a time. Eleven floats for each pixel of a whole 2048 x 2048 map are 185 MB; those of a
band stay in the processor's cache, which makes this about twice as fast as bands of 256 rows."""


def postprocess(
    coarse: NDArray[np.float32], size: tuple[int, int], temperature: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The winning class of each pixel and its calibrated probability.

    Args:
        coarse: logits 1×classes×h×w at any stride.
        size: width and height of the result in px.
        temperature: logits are divided by it before the softmax (Guo et al., On Calibration of Modern Neural Networks,
            ICML 2017).

    Returns:
        Ids, and 255 x probability, both height×width bytes.
    """
    width, height = size
    labels = np.empty((height, width), np.uint8)
    confidence = np.empty((height, width), np.uint8)
    with torch.inference_mode():
        scaled = torch.from_numpy(coarse).contiguous() / temperature
        for top in range(0, height, BAND):
            bottom = min(top + BAND, height)
            logits = _rows(scaled, size, top, bottom)[0]
            best, winner = logits.max(0)
            # The softmax of the winner: its own exponential is 1.
            probability = logits.sub_(best).exp_().sum(0).reciprocal_()
            labels[top:bottom] = winner.to(torch.uint8).numpy()
            confidence[top:bottom] = probability.mul_(255).round_().to(torch.uint8).numpy()
    return labels, confidence


def _rows(coarse: Tensor, size: tuple[int, int], top: int, bottom: int) -> Tensor:
    """Rows `top` to `bottom` of `coarse` resized bilinearly to `size`, as if the whole had been resized."""
    width, height = size
    rows = coarse.shape[-2]
    # Row y of the result lies at (y + 0.5) * rows / height - 0.5 of the source: between two rows, and the last.
    position = ((torch.arange(top, bottom) + 0.5) * (rows / height) - 0.5).clamp(0, rows - 1)
    above = position.floor().long()
    below = (above + 1).clamp(max=rows - 1)
    share = (position - above).to(coarse.dtype).view(1, 1, -1, 1)
    wide = F.interpolate(
        coarse[:, :, int(above[0]) : int(below[-1]) + 1],
        size=(int(below[-1]) + 1 - int(above[0]), width),
        mode="bilinear",
        align_corners=False,
    )
    first = int(above[0])
    return torch.lerp(wide[:, :, above - first], wide[:, :, below - first], share)
