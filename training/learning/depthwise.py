"""Depthwise convolutions with a fast backward pass on a CPU."""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _Depthwise(torch.autograd.Function):
    """Forwards as autocast has it, backwards in float32."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, *geometry: Any) -> Tensor:
        """`geometry` is stride, padding and dilation, two numbers each."""
        ctx.save_for_backward(x, weight)
        ctx.geometry = geometry
        stride, padding, dilation = geometry
        return F.conv2d(x, weight, None, stride, padding, dilation, groups=len(weight))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        floats = gradient.float(), x.float(), weight.float()
        transposed, output_padding, wanted = False, (0, 0), (True, True, False)
        to_x, to_weight, _ = torch.ops.aten.convolution_backward(
            *floats, None, *ctx.geometry, transposed, output_padding, len(weight), wanted
        )
        return to_x.to(x.dtype), to_weight.to(weight.dtype), None, None, None


class DepthwiseConv2d(nn.Conv2d):
    """A depthwise convolution without a bias; see `quick_backward`."""

    def _conv_forward(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        geometry = self.stride, self.padding, self.dilation
        return cast(Tensor, _Depthwise.apply(x, weight, *geometry))  # type: ignore[no-untyped-call]


def _slow(module: nn.Module) -> bool:
    if not isinstance(module, nn.Conv2d) or module.groups == 1 or module.bias is not None:
        return False
    depthwise = module.groups == module.in_channels == module.out_channels
    return depthwise and (max(module.stride) > 1 or max(module.kernel_size) > 3)


def quick_backward(network: nn.Module) -> None:
    """Let depthwise convolutions of `network` that are slow backwards in bfloat16 do it in float32, in place.

    oneDNN's bfloat16 gradients are many times slower than those in float32 where a depthwise convolution has a stride
    or a kernel of 5 x 5. What is answered, and the names of the weights, stay the same.
    """
    for module in network.modules():
        if _slow(module):
            module.__class__ = DepthwiseConv2d
