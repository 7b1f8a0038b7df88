"""Photos made of two: some classes of one, cut out along their labels and pasted onto another."""

from __future__ import annotations

import torch
from torch import Tensor


def mix_classes(images: Tensor, targets: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Paste half of the classes that the next photo of the batch shows onto a photo, `share` of all photos.

    Pasted pixels bring their labels with them, coarse ones too. Draws from torch's global generator.

    Olsson, Tranheden, Pinto, Svensson: ClassMix: Segmentation-Based Data Augmentation for Semi-Supervised Learning.
    WACV 2021; here with labels instead of a network's answers.

    Args:
        images: N×3×H×W.
        targets: N×2×H×W bit sets: the classes a pixel may be, and the one of them it mostly is.
        share: probability that a photo is pasted onto.
    """
    pasted = torch.stack([_half_of_classes(mostly) for mostly in targets[:, 1].roll(-1, 0)])
    pasted &= (torch.rand(len(images)) < share).view(-1, 1, 1)
    where = pasted.unsqueeze(1)
    return torch.where(where, images.roll(-1, 0), images), torch.where(where, targets.roll(-1, 0), targets)


def _half_of_classes(mostly: Tensor) -> Tensor:
    """Where an H×W map of single bits is of one half of its classes, drawn at random; unlabelled pixels never are."""
    present = mostly.unique()
    present = present[present > 0]
    chosen = present[torch.randperm(len(present))[: len(present) // 2]]
    return torch.isin(mostly, chosen)
