"""A network, ready to serve: its class from its file, its weights checked and loaded, its batch norms folded."""

from __future__ import annotations

import hashlib
import importlib.util
from typing import Protocol, cast

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from shared.contracts.card import Card
from shared.contracts.labels import CLASSES


class WeightsMismatchError(Exception):
    """The weights are not the ones that the card names."""


class Network(Protocol):
    """What every network offers for serving."""

    def coarse(self, x: Tensor) -> Tensor:
        """1×3×H×W to logits 1×classes×h×w at the network's own stride."""


def build(card: Card) -> nn.Module:
    """The card's network with random weights, its class taken from `network.py` beside the card."""
    spec = importlib.util.spec_from_file_location(f"tripane_network_{card.name}", card.folder / "network.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{card.folder / 'network.py'} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(nn.Module, getattr(module, card.class_name)(len(CLASSES)))


def check_weights(card: Card, weights: bytes) -> None:
    """Hold weights to the card's SHA-256; raises `WeightsMismatchError`."""
    found = hashlib.sha256(weights).hexdigest()
    if found != card.weights_sha256:
        raise WeightsMismatchError(
            f"the weights of {card.name} have SHA-256 {found}; its card names {card.weights_sha256}"
        )


def load(card: Card, weights: bytes) -> nn.Module:
    """The network with the weights of a safetensors file, in float32, for inference only.

    Raises `WeightsMismatchError`, or `RuntimeError` naming weights that do not fit the network.
    """
    check_weights(card, weights)
    network = build(card)
    state = {name: tensor.float() for name, tensor in safetensors.torch.load(weights).items()}
    missing, unknown = network.load_state_dict(state, strict=False)
    if wrong := unknown + [name for name in missing if not name.endswith("num_batches_tracked")]:
        raise RuntimeError(f"the weights do not fit the network of {card.name}: {', '.join(wrong)}")
    return optimise(network)


def optimise(network: nn.Module) -> nn.Module:
    """Fold batch norms into convolutions and lay weights out channels last: the same answers in half the time."""
    network.eval().requires_grad_(False)
    fold_batch_norms(network)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def fold_batch_norms(module: nn.Module) -> None:
    """Replace, in place, each convolution followed by a batch norm in an `nn.Sequential` by one convolution."""
    for child in module.children():
        fold_batch_norms(child)
    if not isinstance(module, nn.Sequential):
        return
    for i in range(len(module) - 1):
        first, second = module[i], module[i + 1]
        if isinstance(second, nn.BatchNorm2d) and isinstance(first, nn.Conv2d | nn.ConvTranspose2d):
            transposed = isinstance(first, nn.ConvTranspose2d)
            module[i] = fuse_conv_bn_eval(first, second, transpose=transposed)
            module[i + 1] = nn.Identity()
