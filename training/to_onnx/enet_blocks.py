"""ENet's blocks for ONNX engines: see `layers` for why; max-unpooling besides, for which none has a fast kernel."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from functions.models.enet.network import Bottleneck, Downsampling, InitialBlock, Upsampling
from training.to_onnx.layers import apart, convolution, double, scale


class SummedInitialBlock(nn.Module):
    """ENet's `InitialBlock` with each part computed in all sixteen channels and added: no concatenation."""

    def __init__(self, block: InitialBlock) -> None:
        super().__init__()
        kept = {name: tensor.detach() for name, tensor in block.state_dict().items()}
        weight, bias = kept["conv.0.weight"], kept["conv.0.bias"]  # its own batch norm is folded already
        norm = cast(nn.BatchNorm2d, block.pool[1])
        factor = kept["pool.1.weight"] / torch.sqrt(kept["pool.1.running_var"] + norm.eps)
        shift = kept["pool.1.bias"] - factor * kept["pool.1.running_mean"]
        learnt, colours = len(weight), len(factor)
        self.conv = convolution(
            torch.cat([weight, weight.new_zeros(colours, *weight.shape[1:])]),
            torch.cat([bias, shift]),
            stride=2,
            padding=1,
        )
        self.pooled = convolution(torch.cat([factor.new_zeros(learnt, colours), factor.diag()])[..., None, None])
        self.activation = block.activation

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(apart(self.pooled(F.max_pool2d(x, 2))) + apart(self.conv(x)))


class ApartBottleneck(nn.Module):
    """ENet's `Bottleneck` with its addition apart from the convolution before it."""

    def __init__(self, block: Bottleneck) -> None:
        super().__init__()
        self.extension, self.activation = block.extension, block.activation

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x + apart(self.extension(x)))


class IndexedDownsampling(nn.Module):
    """ENet's `Downsampling` that says of each 2×2 window which of its four pixels, in reading order, is the maximum.

    Of several equal ones it is the first, as in `torch.nn.functional.max_pool2d`. The convolution that widens the
    extension adds the main branch too, which is cheaper than to pad that with empty channels and to add it.
    """

    def __init__(self, block: Downsampling) -> None:
        super().__init__()
        self.activation = block.activation
        *narrow, widened = (layer for layer in block.extension if not isinstance(layer, (nn.Identity, nn.Dropout2d)))
        self.narrow = nn.Sequential(*narrow)
        cin = cast(nn.Conv2d, narrow[0]).in_channels
        weight, bias = (tensor.detach() for tensor in cast(nn.Conv2d, widened).parameters())
        self.widened = convolution(torch.cat([weight, torch.eye(len(weight), cin)[..., None, None]], dim=1), bias)
        self.corners = nn.ModuleList(_corner(place, cin) for place in range(3))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The map at half the size, and 0 to 3 for each of its pixels before the channels are padded."""
        pooled = F.max_pool2d(x, 2)
        later_than_0, not_1, not_2 = (corner(x) < pooled for corner in self.corners)
        later_than_1 = later_than_0 & not_1
        later_than_2 = later_than_1 & not_2
        index = later_than_0.to(x.dtype) + later_than_1.to(x.dtype) + later_than_2.to(x.dtype)
        return self.activation(self.widened(torch.cat([self.narrow(x), pooled], dim=1))), index


def _corner(place: int, channels: int) -> nn.Conv2d:
    """One pixel of each 2×2 window, by its place in reading order: engines slice with strides on one thread."""
    weight = torch.zeros(channels, 1, 2, 2)
    weight[:, :, place // 2, place % 2] = 1
    return convolution(weight, stride=2, groups=channels)


class MaskedUpsampling(nn.Module):
    """ENet's `Upsampling` that enlarges the main branch and blanks all but the pixel where the maximum was.

    Engines scatter one value at a time, and some are slow to; this is two enlargements and a product.
    """

    def __init__(self, block: Upsampling) -> None:
        super().__init__()
        self.main, self.extension, self.activation = block.main, block.extension, block.activation
        # A convolution that changes nothing, and so takes the product into the layout that the rest is in.
        self.unchanged = scale(torch.ones(cast(nn.Conv2d, block.main[0]).out_channels))

    def forward(self, x: Tensor, index: Tensor) -> Tensor:
        main = self.main(x)
        height, width = main.shape[-2:]
        place = torch.arange(4, dtype=index.dtype).view(1, 1, 2, 2).repeat(1, 1, height, width)
        chosen = double(index) == place
        masked = self.unchanged(double(main) * chosen.to(main.dtype))
        return self.activation(apart(masked) + apart(self.extension(x)))
