"""A network in operators that ONNX engines run fast: the same answers, other arithmetic.

Engines have no fast kernel for two things that ENet is made of. Networks without them pass through unchanged.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from functions.models.enet.network import Downsampling, Upsampling


class LinearPReLU(nn.Module):
    """PReLU as convolutions, additions and ReLU, which engines fuse and run in the layout that convolutions use.

    With slope a of each channel, PReLU(x) = a x + (1 - a) ReLU(x), and where a <= 1 also x + ReLU((a - 1) x), which is
    one convolution less. A scale for each channel is a depthwise 1×1 convolution.
    """

    def __init__(self, prelu: nn.PReLU) -> None:
        super().__init__()
        slope = prelu.weight.detach()
        self.convex = bool((slope <= 1).all())
        self.below = scale(slope - 1 if self.convex else slope)
        self.above = nn.Identity() if self.convex else scale(1 - slope)

    def forward(self, x: Tensor) -> Tensor:
        if self.convex:
            return x + F.relu(self.below(x))
        return self.below(x) + self.above(F.relu(x))


class IndexedDownsampling(nn.Module):
    """ENet's `Downsampling` that says of each 2×2 window which of its four pixels, in reading order, is the maximum.

    Of several equal ones it is the first, as in `torch.nn.functional.max_pool2d`.
    """

    def __init__(self, block: Downsampling) -> None:
        super().__init__()
        self.extension, self.activation, self.extra = block.extension, block.activation, block.extra

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The map at half the size, and 0 to 3 for each of its pixels before the channels are padded."""
        pooled = F.max_pool2d(x, 2)
        later_than_0 = x[..., ::2, ::2] < pooled
        later_than_1 = later_than_0 & (x[..., ::2, 1::2] < pooled)
        later_than_2 = later_than_1 & (x[..., 1::2, ::2] < pooled)
        index = later_than_0.to(x.dtype) + later_than_1.to(x.dtype) + later_than_2.to(x.dtype)
        main = F.pad(pooled, (0, 0, 0, 0, 0, self.extra))
        return self.activation(main + self.extension(x)), index


class MaskedUpsampling(nn.Module):
    """ENet's `Upsampling` that enlarges the main branch and blanks all but the pixel where the maximum was.

    Engines scatter one value at a time, and some are slow to; this is two enlargements and a product.
    """

    def __init__(self, block: Upsampling) -> None:
        super().__init__()
        self.main, self.extension, self.activation = block.main, block.extension, block.activation

    def forward(self, x: Tensor, index: Tensor) -> Tensor:
        main = self.main(x)
        height, width = main.shape[-2:]
        place = torch.arange(4, dtype=index.dtype).view(1, 1, 2, 2).repeat(1, 1, height, width)
        chosen = double(index) == place
        return self.activation(double(main) * chosen.to(main.dtype) + self.extension(x))


def double(x: Tensor) -> Tensor:
    """Each pixel four times."""
    return F.interpolate(x, scale_factor=2, mode="nearest")


def scale(factors: Tensor) -> nn.Conv2d:
    """A convolution that multiplies each channel by its factor."""
    channels = len(factors)
    conv = nn.Conv2d(channels, channels, 1, groups=channels, bias=False)
    conv.weight = nn.Parameter(factors.view(channels, 1, 1, 1), requires_grad=False)
    return conv


REWRITTEN: dict[type[nn.Module], Callable[[Any], nn.Module]] = {
    nn.PReLU: LinearPReLU,
    Downsampling: IndexedDownsampling,
    Upsampling: MaskedUpsampling,
}


def rewrite(network: nn.Module) -> nn.Module:
    """Replace, in place, what engines are slow at; returns the network."""
    replacements = {_defined(kind): replacement for kind, replacement in REWRITTEN.items()}
    for name, child in network.named_children():
        rewrite(child)
        if replacement := replacements.get(_defined(type(child))):
            setattr(network, name, replacement(child))
    return network


def _defined(kind: type) -> tuple[str, str]:
    """Where a class is defined: a card's network is loaded from its file, so that its classes are others than ours."""
    return inspect.getfile(kind), kind.__qualname__
