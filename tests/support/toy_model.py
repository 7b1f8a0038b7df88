"""A fourth model: small enough to make on the fly, and whole. What it takes to add one is what stands here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import safetensors.torch
import torch

from shared.contracts.card import Card, load_card
from shared.inference.network import build
from shared.paths import MODELS_DIR

NETWORK = '''
"""One convolution, to see how a model is added."""

from torch import Tensor, nn


class Toy(nn.Module):
    def __init__(self, classes: int = 11) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, classes, 4, 4, bias=False), nn.BatchNorm2d(classes))

    def coarse(self, x: Tensor) -> Tensor:
        return self.layers(x)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.interpolate(self.coarse(x), size=x.shape[-2:], mode="bilinear")
'''


def make_toy_model(models_dir: Path, weights_dir: Path, name: str = "toy") -> Card:
    """Put a model named `name` into `models_dir` and its weights into `weights_dir`."""
    folder = models_dir / name
    folder.mkdir(parents=True)
    (folder / "network.py").write_text(NETWORK, encoding="utf-8")
    document = json.loads((MODELS_DIR / "enet" / "card.json").read_text(encoding="utf-8"))
    document |= {"name": name, "title": name.title(), "class_name": "Toy"}
    document["input"] |= {"short_side": 96, "multiple": 8}
    (folder / "card.json").write_text(json.dumps(document), encoding="utf-8")
    torch.manual_seed(0)
    state = {key: value.half() for key, value in build(load_card(folder)).state_dict().items() if value.ndim}
    weights = safetensors.torch.save(state)
    weights_dir.mkdir(parents=True, exist_ok=True)
    (weights_dir / f"{name}.safetensors").write_bytes(weights)
    document["weights"]["sha256"] = hashlib.sha256(weights).hexdigest()
    (folder / "card.json").write_text(json.dumps(document), encoding="utf-8")
    return load_card(folder)
