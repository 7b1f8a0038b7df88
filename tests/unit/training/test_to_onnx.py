"""Networks as ONNX files: rewritten, traced, in float16 and in int8, held to PyTorch's answers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from torch import nn

from functions.models.enet.network import ENet
from shared.contracts.card import load_cards
from shared.inference.network import load, optimise
from shared.inference.pixels import pixels
from shared.inference.preprocess import input_size
from shared.inference.upsample import upsample
from training import networks
from training.to_onnx.__main__ import FOLDER
from training.to_onnx.graph import INPUT, traced, with_half_weights
from training.to_onnx.quantize import depthwise_scales, pair_scales
from training.to_onnx.rewrite import LinearPReLU, rewrite

CARDS = load_cards()
SAMPLES = networks.ROOT / "assets" / "samples"
FILES = [(path, 0.97 if path.name.endswith(".int8.onnx") else 0.999) for path in sorted(FOLDER.glob("*.onnx"))]


def enet() -> nn.Module:
    torch.manual_seed(0)
    network = ENet()
    for module in network.modules():
        if isinstance(module, nn.PReLU):
            nn.init.uniform_(module.weight, -0.5, 1.2)
    return optimise(network)


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("highest", [0.9, 1.3])
def test_prelu_rewritten_is_prelu(highest):
    prelu = nn.PReLU(8)
    nn.init.uniform_(prelu.weight, -0.5, highest)
    prelu.weight.data[0] = highest
    x = torch.randn(1, 8, 5, 6)
    assert torch.allclose(LinearPReLU(prelu)(x), prelu(x), atol=1e-6)


def test_enet_rewritten_is_enet_where_maxima_are_equal_too():
    photo = torch.randn(1, 3, 64, 96)
    photo[..., 20:50, 30:70] = 1.0  # an even surface, where all four pixels of a window are its maximum
    with torch.inference_mode():
        expected = enet().coarse(photo)
        found = rewrite(enet()).coarse(photo)
    assert torch.allclose(found, expected, atol=1e-3)
    assert torch.equal(found.argmax(1), expected.argmax(1))


def test_an_export_takes_any_size_and_is_the_same_each_time():
    models = [with_half_weights(traced(rewrite(enet()), 32)).SerializeToString() for _ in range(2)]
    assert models[0] == models[1]
    assert str(Path.home()).encode() not in models[0]
    assert str(networks.ROOT).encode() not in models[0]
    run = session(models[0])
    for height, width in ((32, 32), (64, 160)):
        photo = torch.randn(1, 3, height, width)
        with torch.inference_mode():
            expected = enet().coarse(photo).numpy()
        found = run.run(None, {INPUT: photo.numpy()})[0]
        assert found.shape == expected.shape
        assert (found.argmax(1) == expected.argmax(1)).mean() > 0.99


@pytest.mark.parametrize(("path", "share"), FILES, ids=lambda value: getattr(value, "name", None))
def test_a_committed_file_answers_as_pytorch_does(path, share):
    name = path.name.split(".")[0]
    card = CARDS[name]
    network = load(card, (networks.WEIGHTS_DIR / f"{name}.safetensors").read_bytes())
    run = session(path.read_bytes())
    same = []
    for photo in ("sunny_brick", "dusk_modern"):
        image = Image.open(SAMPLES / f"{photo}.jpg").convert("RGB")
        array = pixels(image, input_size(*image.size, card.input), card.input)
        with torch.inference_mode():
            expected = upsample(network.coarse(torch.from_numpy(array)).numpy()[0], image.size)
        same.append((upsample(run.run(None, {INPUT: array})[0][0], image.size) == expected).mean())
    assert min(same) >= share


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
    served = [path for path, _ in FILES if not path.name.endswith(".int8.onnx")]
    assert sorted(path.name for path in served) == [f"{name}.onnx" for name in sorted(CARDS)]
    assert sum(path.stat().st_size for path in served) <= 11e6
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in served}) == len(served)
