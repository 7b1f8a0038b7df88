"""Streets paved otherwise than those that are trained on: earth, sand, concrete, dust over half of the road.

Networks that know the roads of a few towns by their colour answer "pavement" for the roads of another country. Where
colour says nothing, they have to learn from where the ground lies and what borders it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from shared.contracts.labels import CLASS_NAMES

ROAD, PAVEMENT = (1 << CLASS_NAMES.index(name) for name in ("road", "pavement"))


def repaved(image: Tensor, mostly: Tensor) -> Tensor:
    """Give the road of a photo, or its road and its pavement alike, another colour, in patches or everywhere.

    Markings, light and shadow stay as they are or get weaker. Draws from torch's global generator.

    Args:
        image: 3×H×W bytes.
        mostly: H×W, the bit of the class that a pixel mostly is.
    """
    ground = mostly & (ROAD | PAVEMENT if _between(0, 1) < 0.5 else ROAD) != 0
    if not ground.any():
        return image
    photo = image.float()
    luma = photo.mean(0)
    usual = float(luma[ground].mean().clamp(min=8))
    light = 1 + _between(0.6, 1) * (luma / usual - 1)
    painted = _colour(usual)[:, None, None] * light
    return torch.lerp(photo, painted, _patches(luma.shape) * ground).round().clamp(0, 255).byte()


def _colour(usual: float) -> Tensor:
    """RGB of bluish asphalt, concrete, sand or red earth, darker or brighter than the ground `usual` is."""
    brightness, warmth = min(max(40, usual * _between(0.7, 1.8)), 220), _between(-0.05, 0.35)
    return brightness * torch.tensor([1 + warmth, 1 + 0.2 * warmth, 1 - warmth])


def _patches(size: torch.Size) -> Tensor:
    """How much of the new colour lies where, 0 to 1, H×W: everywhere alike, or in patches with soft edges."""
    strength = torch.tensor(_between(0.4, 1))
    if _between(0, 1) < 0.4:
        return strength.expand(size)
    cells = torch.rand(1, 1, *torch.randint(3, 11, (2,)).tolist())
    noise = F.interpolate(cells, tuple(size), mode="bicubic", align_corners=False)[0, 0]
    return strength * torch.sigmoid(12 * (noise - _between(0.3, 0.7)))


def _between(low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand(()))
