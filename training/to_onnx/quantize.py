"""An ONNX model in int8: scales from its weights, and from what it makes of training photos.

Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference. CVPR 2018.

A CPU without VNNI adds two products of an activation, 0 to 255, and a weight in 16 bits with saturation, so that
weights of 8 bits would give other answers there. The usual remedy, 7 bits for all, costs SwiftNet most of a point of
mIoU. But only neighbouring weights are added so: scales that keep each two of them within 128 give every CPU the
same answer for next to nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from training.to_onnx.graph import INPUT, stripped

LARGEST = 127
"""Weights are -127 to 127."""

LARGEST_PAIR = 128
"""255 x 128 is the largest sum of two products that 16 bits hold."""


class Photos(CalibrationDataReader):  # type: ignore[misc]
    """Network inputs, 1×3×H×W each, as onnxruntime wants them handed over."""

    def __init__(self, inputs: Iterator[NDArray[np.float32]]) -> None:
        self.inputs = inputs

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next photo, or None after the last."""
        photo = next(self.inputs, None)
        return None if photo is None else {INPUT: photo}


def quantized(model: ModelProto, photos: Iterator[NDArray[np.float32]]) -> ModelProto:
    """The model with 8-bit activations and weights; input and output stay float32.

    Args:
        model: in float32.
        photos: what the network sees of some training photos, 1×3×H×W; each range is the mean of theirs, so that one
            odd photo does not make the steps coarse for all.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, made = Path(folder) / "float32.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, plain)  # the model itself would be changed
        quantize_static(
            plain,
            made,
            Photos(photos),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={"TensorQuantOverrides": _scales(model), "CalibMovingAverage": True},
        )
        return stripped(onnx.load(made))


def _scales(model: ModelProto) -> dict[str, list[dict[str, Any]]]:
    """The scale of each output channel of each convolution's weights."""
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    return {
        node.input[1]: [
            {"scale": scale, "zero_point": np.int8(0), "axis": 0}
            for scale in (depthwise_scales if _groups(node) > 1 else pair_scales)(weights[node.input[1]])
        ]
        for node in model.graph.node
        if node.op_type == "Conv"
    }


def _groups(conv: NodeProto) -> int:
    return next((attribute.i for attribute in conv.attribute if attribute.name == "group"), 1)


def depthwise_scales(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scale of each output channel of cout×1×h×w by its largest weight: these convolutions add in 32 bits."""
    return _of_any(np.abs(weights).max((1, 2, 3)) / np.float32(LARGEST))


def pair_scales(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scale of each output channel of cout×cin×h×w that keeps its weights, and each two that are added, in range.

    Which two those are depends on whether the taps of a channel lie side by side or the channels of a tap.
    """
    largest = np.abs(weights).max((1, 2, 3)) / LARGEST
    by_channel, by_tap = (_largest_pair(w.reshape(len(w), -1)) for w in (weights, weights.transpose(0, 2, 3, 1)))
    # Rounding may add one half to each of the two.
    return _of_any(np.maximum(largest, np.maximum(by_channel, by_tap) / (LARGEST_PAIR - 1)))


def _largest_pair(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest sum, whatever its sign, of the first two numbers of each row, the next two and so on."""
    pairs = np.pad(rows, ((0, 0), (0, rows.shape[1] % 2))).reshape(len(rows), -1, 2)
    return np.maximum(np.maximum(pairs, 0).sum(2), np.maximum(-pairs, 0).sum(2)).max(1)


def _of_any(scales: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The same where there are weights; those that are all 0 can have any scale, but not 0."""
    return np.where(scales > 0, scales, scales.max()).astype(np.float32)
