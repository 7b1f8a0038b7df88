"""A network as PyTorch has it: its class from its file, its weights loaded, its batch norms folded."""

from __future__ import annotations

import importlib.util
import sys
from typing import cast

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from shared.contracts.card import Card
from shared.contracts.labels import CLASSES
from shared.inference.engine import NetworkError


class Network(nn.Module):
    """What `network.py` beside a card holds. A network is known by its method and need not inherit from this class:
    for the type checker alone it stands for one.
    """

    def coarse(self, x: Tensor) -> Tensor:
        """N×3×H×W to logits N×classes×h×w at the network's own stride."""
        raise NotImplementedError


def build(card: Card) -> Network:
    """The card's network with random weights, its class taken from `network.py` beside the card.

    Raises `NetworkError` when there is no such class, or it is no network.
    """
    if card.class_name is None:
        raise NetworkError(f"{card.name} was brought as an ONNX file: PyTorch has no network for it.")
    path = card.folder / "network.py"
    spec = importlib.util.spec_from_file_location(f"tripane_network_{card.name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise NetworkError(f"{path} is missing: it defines the network of {card.name}.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses and torch.compile look for it
    spec.loader.exec_module(module)
    networks = [name for name, value in vars(module).items() if isinstance(value, type) and hasattr(value, "coarse")]
    if card.class_name not in networks:
        raise NetworkError(
            f"{card.folder / 'card.json'} names the class {card.class_name!r}; the networks in {path}, classes with a "
            f"method coarse, are: {', '.join(networks) or 'none'}."
        )
    return cast(Network, getattr(module, card.class_name)(len(CLASSES)))


def load(card: Card, weights: bytes) -> Network:
    """The network with the weights of a safetensors file, in float32, for inference only.

    Raises `NetworkError` naming weights that do not fit the network.
    """
    network = build(card)
    state = {name: tensor.float() for name, tensor in safetensors.torch.load(weights).items()}
    put(network, state, f"the weights do not fit the network of {card.name}")
    return optimise(network)


def put(network: Network, state: dict[str, Tensor], misfit: str) -> None:
    """Give a network weights by name; a file to serve has no counters of batches.

    Raises `NetworkError`, which says `misfit` and the first names that do not fit.
    """
    try:
        missing, unknown = network.load_state_dict(state, strict=False)
    except RuntimeError as error:  # a tensor of another shape
        raise NetworkError(f"{misfit}: {error}") from error
    if wrong := unknown + [name for name in missing if not name.endswith("num_batches_tracked")]:
        raise NetworkError(f"{misfit}: {', '.join(wrong[:3])}")


def optimise(network: Network) -> Network:
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
