"""Layers in operators that ONNX engines run fast: the same answers, other arithmetic.

Engines compute convolutions in a layout of their own, blocks of channels. What they have no kernel for there costs two
changes of layout, more than the operator itself; so all of this is convolutions, additions and ReLU as far as can be.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LinearPReLU(nn.Module):
    """PReLU as convolutions, additions and ReLU.

    With slope a of each channel, PReLU(x) = x + (1 - a) ReLU(-x), and where a <= 1 also x + ReLU((a - 1) x), which is
    one convolution less. A factor for each channel is a depthwise 1×1 convolution; engines compute the ReLU with it.
    """

    def __init__(self, prelu: nn.PReLU) -> None:
        super().__init__()
        slope = prelu.weight.detach()
        convex = bool((slope <= 1).all())
        self.below = scale(slope - 1 if convex else -torch.ones_like(slope))
        self.rest = None if convex else scale(1 - slope)

    def forward(self, x: Tensor) -> Tensor:
        bent = F.relu(self.below(x))
        return x + (apart(self.rest(bent)) if self.rest else bent)


class InterleavedConvTranspose(nn.Module):
    """A 3×3 transposed convolution of stride 2 as a small convolution for each of its four phases, then interleaved.

    Engines compute a transposed convolution value by value, and some on one thread. One convolution for all phases
    would be slower than four: its output is so large that its memory is new each time.
    """

    def __init__(self, transposed: nn.ConvTranspose2d) -> None:
        super().__init__()
        weight = transposed.weight.detach().transpose(0, 1)
        bias = None if transposed.bias is None else transposed.bias.detach()
        # Even rows and columns of the output see the middle weight alone, odd ones the last and then the first.
        # To even sizes "same" adds its padding after the last row and column, as is wanted here.
        self.phases = nn.ModuleList(
            convolution(weight[:, :, rows][..., columns].contiguous(), bias, padding="same")
            for rows in ([1], [2, 0])
            for columns in ([1], [2, 0])
        )

    def forward(self, x: Tensor) -> Tensor:
        phases = [phase(x) for phase in self.phases]
        rows = [torch.stack(phases[row : row + 2], dim=-1).flatten(-2) for row in (0, 2)]
        return torch.stack(rows, dim=-2).flatten(-3, -2)


def interleaved(transposed: nn.ConvTranspose2d) -> nn.Module:
    """An `InterleavedConvTranspose` for one that exactly doubles the size with 3×3 weights; any other stays."""
    form = (transposed.kernel_size, transposed.stride, transposed.padding, transposed.output_padding)
    plain = transposed.dilation == (1, 1) and transposed.groups == 1
    return InterleavedConvTranspose(transposed) if plain and form == ((3, 3), (2, 2), (1, 1), (1, 1)) else transposed


def convolution(
    weight: Tensor, bias: Tensor | None = None, *, stride: int = 1, padding: int | str = 0, groups: int = 1
) -> nn.Conv2d:
    """A convolution with these weights, cout × (cin / groups) × h × w."""
    cout, cin, *kernel = weight.shape
    conv = nn.Conv2d(cin * groups, cout, kernel, stride, padding, groups=groups, bias=bias is not None)  # type: ignore[arg-type]
    conv.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        conv.bias = nn.Parameter(bias, requires_grad=False)
    return conv


def scale(factors: Tensor) -> nn.Conv2d:
    """A convolution that multiplies each channel by its factor."""
    return convolution(factors.view(-1, 1, 1, 1), groups=len(factors))


def apart(x: Tensor) -> Tensor:
    """A convolution's output as it is, to be added to something: a leaky ReLU of slope 1 changes nothing.

    A convolution with an activation is not fused with the addition after it. ONNX Runtime's fused addition copies the
    other summand first, on one thread, unless it knows before the first photo how large that is.
    """
    return F.leaky_relu(x, 1)


def double(x: Tensor) -> Tensor:
    """Each pixel four times."""
    return F.interpolate(x, scale_factor=2, mode="nearest")
