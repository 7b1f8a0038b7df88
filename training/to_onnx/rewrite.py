"""A network in operators that ONNX engines run fast: networks without what they are slow at pass through unchanged."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from torch import nn

from functions.models.enet.network import Bottleneck, Downsampling, InitialBlock, Upsampling
from training.to_onnx.enet_blocks import ApartBottleneck, IndexedDownsampling, MaskedUpsampling, SummedInitialBlock
from training.to_onnx.layers import LinearPReLU, interleaved

REWRITTEN: dict[type[nn.Module], Callable[[Any], nn.Module]] = {
    nn.PReLU: LinearPReLU,
    nn.ConvTranspose2d: interleaved,
    InitialBlock: SummedInitialBlock,
    Bottleneck: ApartBottleneck,
    Downsampling: IndexedDownsampling,
    Upsampling: MaskedUpsampling,
}


def rewrite(network: nn.Module) -> nn.Module:
    """Replace, in place, what engines are slow at; returns the network, its batch norms folded before."""
    replacements = {_defined(kind): replacement for kind, replacement in REWRITTEN.items()}
    for name, child in network.named_children():
        rewrite(child)
        if replacement := replacements.get(_defined(type(child))):
            setattr(network, name, replacement(child))
    return network


def _defined(kind: type) -> tuple[str, str]:
    """Where a class is defined: a card's network is loaded from its file, so that its classes are others than ours."""
    return inspect.getfile(kind), kind.__qualname__
