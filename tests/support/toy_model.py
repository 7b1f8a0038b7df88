"""A fourth model: small enough to make on the fly, and whole. What it takes to add one is what stands here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from onnx import TensorProto, helper, numpy_helper

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


def make_toy_model(models_dir: Path, assets: Path, name: str = "toy") -> Card:
    """Put a model named `name` into `models_dir`, its weights and its network into `assets`."""
    folder = models_dir / name
    folder.mkdir(parents=True)
    (folder / "network.py").write_text(NETWORK, encoding="utf-8")
    document = json.loads((MODELS_DIR / "enet" / "card.json").read_text(encoding="utf-8"))
    document |= {"name": name, "title": name.title(), "class_name": "Toy"}
    document["input"] |= {"short_side": 96, "multiple": 8}
    (folder / "card.json").write_text(json.dumps(document), encoding="utf-8")
    torch.manual_seed(0)
    state = {key: value.half() for key, value in build(load_card(folder)).state_dict().items() if value.ndim}
    weights, network = safetensors.torch.save(state), onnx_of(state)
    for place, content in ((f"weights/{name}.safetensors", weights), (f"networks/{name}.onnx", network)):
        (assets / place).parent.mkdir(parents=True, exist_ok=True)
        (assets / place).write_bytes(content)
    document["weights"]["sha256"] = hashlib.sha256(weights).hexdigest()
    document["networks"] = {"served": "float32", "sha256": {"float32": hashlib.sha256(network).hexdigest()}}
    (folder / "card.json").write_text(json.dumps(document), encoding="utf-8")
    return load_card(folder)


def onnx_of(state: dict[str, torch.Tensor]) -> bytes:
    """The toy network as an ONNX file: the fresh batch norm is but a division."""
    weight = state["layers.0.weight"].float().numpy() / np.sqrt(np.float32(1 + 1e-5))
    photo = helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, "h", "w"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(weight), "y", "x"])
    conv = helper.make_node("Conv", ["photo", "weight"], ["logits"], strides=[4, 4])
    graph = helper.make_graph([conv], "toy", [photo], [logits], [numpy_helper.from_array(weight, "weight")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())
