"""An ONNX model in int8: scales from what the network makes of training photos.

Weights have 7 bits, a scale for each output channel. Processors without VNNI add two products of bytes in 16 bits,
which overflow with weights of 8 bits and would give other answers there; with 7 bits every processor gives the same.
Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference. CVPR 2018.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from training.to_onnx.graph import INPUT


class Photos(CalibrationDataReader):  # type: ignore[misc]
    """Network inputs, 1×3×H×W each, as onnxruntime wants them handed over."""

    def __init__(self, inputs: Iterator[NDArray[np.float32]]) -> None:
        self.inputs = inputs

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next photo, or None after the last."""
        photo = next(self.inputs, None)
        return None if photo is None else {INPUT: photo}


def quantized(model: ModelProto, photos: Iterator[NDArray[np.float32]]) -> ModelProto:
    """The model with 8-bit activations and 7-bit weights; input and output stay float32.

    Args:
        model: in float32.
        photos: what the network sees of some training photos, 1×3×H×W; each range is the widest that they show.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "int8.onnx"
        quantize_static(
            model,
            made,
            Photos(photos),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        return onnx.load(made)
