"""A whole network as an ONNX file, of any size: tracing one takes PyTorch the better part of a minute."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import torch

from shared import paths
from tests.unit.training.test_to_onnx import enet
from training.to_onnx.graph import INPUT, traced, with_half_weights
from training.to_onnx.rewrite import rewrite


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def test_an_export_takes_any_size_and_is_the_same_each_time():
    models = [with_half_weights(traced(rewrite(enet()), 32)).SerializeToString() for _ in range(2)]
    assert models[0] == models[1]
    assert str(Path.home()).encode() not in models[0]
    assert str(paths.ROOT).encode() not in models[0]
    run = session(models[0])
    for height, width in ((32, 32), (64, 160)):
        photo = torch.randn(1, 3, height, width)
        with torch.inference_mode():
            expected = enet().coarse(photo).numpy()
        found = run.run(None, {INPUT: photo.numpy()})[0]
        assert found.shape == expected.shape
        assert (found.argmax(1) == expected.argmax(1)).mean() > 0.99
