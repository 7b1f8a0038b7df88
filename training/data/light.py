"""What light, lens and sensor do to a photo."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from training.data.vision import v2

# Luma and two axes of chroma of red, green and blue: Recommendation ITU-R BT.470, system M (NTSC).
_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
_RGB = torch.linalg.inv(_YIQ)
_BLUR = v2.GaussianBlur(5, sigma=(0.3, 1.6))


def photometric(image: Tensor) -> Tensor:
    """3×h×w bytes to bytes: exposure, contrast, colour, white balance, gamma, and sometimes blur, noise or greyscale.

    Draws from torch's global generator.
    """
    x = image.float()
    exposure, contrast = 1.0, 1.0
    saturation, turn = 1.0, 0.0
    if _chance(0.8):
        exposure, contrast = _between(0.6, 1.4), _between(0.6, 1.4)
        saturation, turn = _between(0.5, 1.5), _between(-0.03, 0.03)
    if _chance(0.05):
        saturation = 0.0
    colour = exposure * contrast * chroma(saturation, turn)
    haze = exposure * (1 - contrast) * float(_YIQ[0] @ x.mean((1, 2)))  # contrast is about the photo's mean luma
    balance = torch.tensor([_between(0.85, 1.15) for _ in range(3)]) if _chance(0.3) else torch.ones(3)
    x = torch.addmm((balance * haze)[:, None], balance[:, None] * colour, x.flatten(1)).view_as(x)
    if _chance(0.4):
        gamma = _between(0.6, 1.6)  # below 1 fog and glare, above 1 dusk and night
        x = 255 * (x.clamp(0, 255) / 255) ** gamma
    if _chance(0.15):
        x = _BLUR(x)
    if _chance(0.15):
        x = x + torch.randn_like(x) * _between(2, 12)
    return x.round().clamp(0, 255).byte()


def chroma(saturation: float, turn: float) -> Tensor:
    """The 3×3 matrix that scales an RGB colour's chroma and turns its hue by a part of a full turn; luma stays.

    Haeberli: Matrix Operations for Image Processing. 1993.
    """
    cosine, sine = saturation * math.cos(math.tau * turn), saturation * math.sin(math.tau * turn)
    return _RGB @ torch.tensor([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]) @ _YIQ


def _chance(share: float) -> bool:
    return bool(torch.rand(()) < share)


def _between(low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand(()))
