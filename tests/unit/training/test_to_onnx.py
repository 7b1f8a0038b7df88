"""Networks as ONNX files: rewritten, traced, in float16 and in int8, held to PyTorch's answers."""

from __future__ import annotations

import json
import sys
import warnings
from collections import Counter
from types import SimpleNamespace
from typing import cast

import jsonschema
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from torch import nn

from functions.models.enet.network import ENet
from shared import model_files, paths
from shared.contracts.card import SCHEMA, load_card
from shared.inference.model import read_model
from shared.inference.network import Network, build, optimise
from shared.inference.segment import label
from tests.support.shipped import CARDS
from tests.support.toy_model import make_toy_model
from training.scoring import cards
from training.to_onnx import __main__ as to_onnx
from training.to_onnx.layers import InterleavedConvTranspose, LinearPReLU, interleaved
from training.to_onnx.quantize import depthwise_scales, pair_scales
from training.to_onnx.rewrite import rewrite


def enet() -> Network:
    torch.manual_seed(0)
    network = cast(Network, ENet())
    for module in network.modules():
        if isinstance(module, nn.PReLU):
            nn.init.uniform_(module.weight, -0.5, 1.2)
    return optimise(network)


@pytest.mark.parametrize("highest", [0.9, 1.3])
def test_prelu_rewritten_is_prelu(highest):
    prelu = nn.PReLU(8)
    nn.init.uniform_(prelu.weight, -0.5, highest)
    prelu.weight.data[0] = highest
    x = torch.randn(1, 8, 5, 6)
    assert torch.allclose(LinearPReLU(prelu)(x), prelu(x), atol=1e-6)


@pytest.mark.parametrize("bias", [True, False])
def test_a_transposed_convolution_is_four_phases_interleaved(bias):
    transposed = nn.ConvTranspose2d(3, 5, 3, 2, 1, output_padding=1, bias=bias)
    x = torch.randn(2, 3, 7, 6)
    rewritten = interleaved(transposed)
    assert isinstance(rewritten, InterleavedConvTranspose)
    with warnings.catch_warnings(action="ignore"):  # of PyTorch's own cost of uneven padding
        assert torch.allclose(rewritten(x), transposed(x), atol=1e-6)


@pytest.mark.parametrize("other", [{"kernel_size": 2, "stride": 2}, {"kernel_size": 3, "padding": 1}])
def test_a_transposed_convolution_that_does_not_double_stays(other):
    transposed = nn.ConvTranspose2d(3, 5, **other)
    assert interleaved(transposed) is transposed


def test_enet_rewritten_is_enet_where_maxima_are_equal_too():
    photo = torch.randn(1, 3, 64, 96)
    photo[..., 20:50, 30:70] = 1.0  # an even surface, where all four pixels of a window are its maximum
    with torch.inference_mode(), warnings.catch_warnings(action="ignore"):
        expected = enet().coarse(photo)
        found = rewrite(enet()).coarse(photo)
    assert torch.allclose(found, expected, atol=1e-3)
    assert torch.equal(found.argmax(1), expected.argmax(1))


@pytest.mark.parametrize("name", CARDS)
def test_a_cards_network_is_rewritten_whole_though_its_classes_come_from_its_file(name):
    kinds = {type(module).__name__ for module in rewrite(optimise(build(CARDS[name]))).modules()}
    assert not kinds & {"PReLU", "ConvTranspose2d"}
    assert (name == "enet") == ("SummedInitialBlock" in kinds)
    assert (name == "enet") == ("MaskedUpsampling" in kinds) == ("IndexedDownsampling" in kinds)
    assert (name == "enet") == ("ApartBottleneck" in kinds)
    assert (name == "swiftnet") == ("Upsampling" in kinds), "another network's class of the same name stays"


def test_the_engine_runs_enet_in_its_own_layout_and_on_all_threads(tmp_path):
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3  # it says that such a file is for this machine alone
    content = model_files.network(CARDS["enet"]).read(paths.ASSETS_DIR)
    onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    nodes = onnx.load(options.optimized_model_filepath).graph.node
    kinds = Counter(node.op_type for node in nodes)
    if not kinds["ReorderInput"]:
        pytest.skip("the engine has no layout of its own on this processor")
    assert kinds["ReorderInput"] + kinds["ReorderOutput"] < 36, "each is a pass over a map, and more than the operator"
    assert kinds["PRelu"] == kinds["ConvTranspose"] == kinds["ScatterND"] == kinds["Slice"] == 0
    fused = [node.name for node in nodes if node.op_type == "Conv" and len(node.input) == 4]
    assert not fused, "with an addition, whose other summand is copied on one thread first"


@pytest.mark.parametrize("shape", [(16, 33, 3, 3), (8, 64, 1, 1), (5, 3, 5, 5)])
def test_no_two_weights_that_are_added_overflow_16_bits(shape):
    weights = np.random.default_rng(0).standard_normal(shape, np.float32)
    whole = np.rint(weights / pair_scales(weights)[:, None, None, None]).astype(int)
    for rows in (whole.reshape(shape[0], -1), whole.transpose(0, 2, 3, 1).reshape(shape[0], -1)):
        even = rows[:, : rows.shape[1] // 2 * 2].reshape(shape[0], -1, 2)
        assert np.abs(rows).max() <= 127
        assert 255 * np.maximum(even, 0).sum(2).max() <= 32767
        assert 255 * np.minimum(even, 0).sum(2).min() >= -32768
    assert np.abs(whole).max() > 64, "more than the 7 bits that were safe in any order"


def test_a_channel_without_weights_has_a_scale_too():
    weights = np.zeros((3, 1, 3, 3), np.float32)
    weights[0] = 1
    assert (depthwise_scales(weights) > 0).all()


def test_the_files_fit_a_page():
    files = [paths.ASSETS_DIR / model_files.network_place(name, "float32") for name in CARDS]
    assert sum(path.stat().st_size for path in files) <= 11e6


def test_a_model_is_exported_and_its_card_names_the_file(tmp_path, monkeypatch):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    monkeypatch.setattr(paths, "ASSETS_DIR", tmp_path / "assets")
    stale = tmp_path / "assets" / "networks" / "toy.int8.onnx"
    stale.write_bytes(b"of other weights")
    cards.update("toy", {"networks": {"served": "int8", "sha256": {"float32": "0" * 64, "int8": "1" * 64}}})
    monkeypatch.setattr(sys, "argv", ["to_onnx", "--model", "toy", "--float32"])
    to_onnx.main()
    card = load_card(card.folder)
    jsonschema.validate(card.document, json.loads(SCHEMA.read_text()))
    assert (card.precision, list(card.networks_sha256), stale.exists()) == ("float32", ["float32"], False)
    photo = Image.effect_noise((90, 70), 80).convert("RGB")
    found, expected = (label(photo, read_model(card, tmp_path / "assets", name=name)) for name in ("onnx", "torch"))
    assert (found == expected).mean() > 0.999


@pytest.mark.parametrize(("int8", "little"), [(7, True), (8, False)])
def test_int8_is_taken_where_it_costs_little(monkeypatch, int8, little):
    scores = {7: 0.701, 8: 0.69}
    monkeypatch.setattr(to_onnx, "run", lambda model: model)
    monkeypatch.setattr(to_onnx.photos, "scores", lambda model, *_: SimpleNamespace(miou=scores.get(model, 0.705)))
    assert to_onnx.costs_little(0, int8, None, [SimpleNamespace(name="set")]) is little
