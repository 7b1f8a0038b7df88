"""How sure a network is of the class that wins, as fine as its logits are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONG_SIDE = 512
"""A confidence map's long side is at most this, in px: finer logits are averaged first, which is also what enlarging
them does to the pattern that transposed convolutions leave in them."""


def confidence(logits: NDArray[np.float32], temperature: float) -> NDArray[np.uint8]:
    """255 x the calibrated probability of the winning class: h×w, or a half, a quarter... of that where it is large.

    Args:
        logits: classes×h×w.
        temperature: logits are divided by it before the softmax (Guo et al., On Calibration of Modern Neural Networks,
            ICML 2017).
    """
    step = 1
    while max(logits.shape[1:]) > LONG_SIDE * step:
        step *= 2
    if step > 1:
        logits = np.stack([np.asarray(Image.fromarray(plane).reduce(step)) for plane in logits])
    best = logits.max(0)
    total = np.zeros_like(best)  # of all exponentials; the winner's is 1
    for plane in logits:
        total += np.exp((plane - best) / temperature)
    return np.rint(255 / total).astype(np.uint8)


def enlarged(confidence: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A confidence map at `size`, width and height in px, bilinearly, as the page shows it."""
    return np.asarray(Image.fromarray(confidence).resize(size, Image.Resampling.BILINEAR))
