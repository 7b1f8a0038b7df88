"""Photos made of two: some classes of one, cut out along their labels and pasted onto another."""

from __future__ import annotations

import torch
from torch import Tensor

from shared.contracts.labels import CLASS_NAMES


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
    where = torch.zeros_like(targets[:, :1], dtype=torch.bool)
    for photo, pasted in enumerate((torch.rand(len(images)) < share).tolist()):
        if pasted:
            where[photo, 0] = _half_of_classes(targets[(photo + 1) % len(targets), 1])
    return torch.where(where, images.roll(-1, 0), images), torch.where(where, targets.roll(-1, 0), targets)


def _half_of_classes(mostly: Tensor) -> Tensor:
    """Where an H×W map of single bits is of one half of its classes, drawn at random; unlabelled pixels never are."""
    present = [1 << c for c in range(len(CLASS_NAMES)) if (mostly & (1 << c)).any()]
    chosen = sum(present[i] for i in torch.randperm(len(present))[: len(present) // 2].tolist())
    return mostly & chosen != 0
