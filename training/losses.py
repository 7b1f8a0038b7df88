"""The loss for labels that may leave several classes open."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def allowed_classes(targets: Tensor, classes: int) -> Tensor:
    """Bit sets N×H×W to booleans N×classes×H×W."""
    shifts = torch.arange(classes, device=targets.device).view(1, -1, 1, 1)
    return (targets.long().unsqueeze(1) >> shifts & 1).bool()


def marginal_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over labelled pixels of -log of the summed probability of the classes a pixel may be.

    Cross-entropy for exact labels; where nothing is labelled (bit set 0) there is no loss. The marginal likelihood
    of a partial label, as in Fang and Yan, Multi-Organ Segmentation over Partially Labeled Datasets, IEEE TMI 2020.

    Args:
        logits: N×classes×H×W.
        targets: N×H×W bit sets of classes.
    """
    allowed = allowed_classes(targets, logits.shape[1])
    labelled = targets != 0
    # An unlabelled pixel allows every class, which makes its loss 0 without a special case or a NaN gradient.
    possible = logits.masked_fill(~(allowed | ~labelled.unsqueeze(1)), float("-inf"))
    loss = logits.logsumexp(1) - possible.logsumexp(1)
    return loss.sum() / labelled.sum().clamp(min=1)


def at_half_resolution(coarse: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of any stride and full-size targets, both at half the targets' size: a quarter of the loss's cost.

    Logits become contiguous float32 first; interpolating channels-last ones is several times slower.
    """
    half = targets[:, ::2, ::2]
    logits = F.interpolate(coarse.float().contiguous(), size=half.shape[-2:], mode="bilinear", align_corners=False)
    return logits, half
