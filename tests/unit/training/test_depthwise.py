"""Depthwise convolutions that go backwards in float32: the same answers, the same gradients."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from training.learning import networks
from training.learning.depthwise import DepthwiseConv2d, quick_backward


def gradients(layer: nn.Module, x: torch.Tensor, bfloat16: bool) -> list[torch.Tensor]:
    """Its answer, and the gradients of half the sum of its squares: by its input and by its weight."""
    x = x.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        y = layer(x)
    (y.float().square().sum() / 2).backward()
    by_weight = next(layer.parameters()).grad
    assert x.grad is not None
    assert by_weight is not None
    return [y.detach(), x.grad, by_weight]


@pytest.mark.parametrize("bfloat16", [False, True])
@pytest.mark.parametrize(
    "geometry",
    [
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": 5, "stride": 1, "padding": 2},
        {"kernel_size": 5, "stride": 2, "padding": 4, "dilation": 2},
        {"kernel_size": (3, 5), "stride": (1, 2), "padding": (1, 2)},
    ],
)
def test_a_quick_layer_answers_and_learns_as_the_plain_one(geometry, bfloat16):
    torch.manual_seed(0)
    plain = nn.Conv2d(8, 8, groups=8, bias=False, **geometry)
    quick = nn.Sequential(copy.deepcopy(plain))
    quick_backward(quick)
    assert isinstance(quick[0], DepthwiseConv2d)
    x = torch.randn(2, 8, 21, 26).contiguous(memory_format=torch.channels_last)
    answer, *ours = gradients(quick, x, bfloat16)
    expected, *theirs = gradients(plain, x, bfloat16)
    assert torch.equal(answer, expected)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == other.dtype
        assert (mine - other).norm() < (0.01 if bfloat16 else 1e-5) * other.norm()


def test_only_depthwise_layers_that_are_slow_become_quick():
    network = nn.ModuleDict(
        {
            "dense, strided": nn.Conv2d(8, 8, 3, stride=2, bias=False),
            "grouped": nn.Conv2d(8, 8, 5, groups=4, bias=False),
            "of one channel": nn.Conv2d(1, 1, 5, bias=False),
            "with a bias": nn.Conv2d(8, 8, 5, groups=8),
            "widening": nn.Conv2d(8, 16, 5, groups=8, bias=False),
            "3 x 3": nn.Conv2d(8, 8, 3, groups=8, bias=False),
            "5 x 5": nn.Conv2d(8, 8, 5, groups=8, bias=False),
            "strided": nn.Conv2d(8, 8, 3, stride=2, groups=8, bias=False),
        }
    )
    quick_backward(network)
    assert [name for name, layer in network.items() if isinstance(layer, DepthwiseConv2d)] == ["5 x 5", "strided"]


@pytest.mark.parametrize(("model", "some"), [("enet", False), ("fast_scnn", True), ("swiftnet", True)])
def test_a_network_keeps_the_names_of_its_weights(model, some):
    network = networks.build(model)
    names = list(network.state_dict())
    quick_backward(network)
    assert list(network.state_dict()) == names
    assert any(isinstance(layer, DepthwiseConv2d) for layer in network.modules()) == some
