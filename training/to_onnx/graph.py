"""A PyTorch network as an ONNX model: any height and width that its multiple allows, weights stored in float16."""

from __future__ import annotations

import contextlib
import io
import re
import warnings

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from onnx import GraphProto, ModelProto, TensorProto, ValueInfoProto, helper
from torch import Tensor, nn

INPUT, OUTPUT = "photo", "logits"
LONGEST = 2048
"""No card has a photo longer than this, in px; the exporter wants a bound."""


class Coarse(nn.Module):
    """A network whose forward pass gives the logits at its own stride."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, photo: Tensor) -> Tensor:
        return self.network.coarse(photo)  # type: ignore[operator]


def traced(network: nn.Module, multiple: int) -> ModelProto:
    """The network in float32, from 1×3×H×W normalised pixels to coarse logits, H and W any multiple of `multiple`.

    The same network gives the same bytes, whoever exports it and where: no path, no time, no version stays.
    """
    height, width = (torch.export.Dim(side, min=1, max=LONGEST // multiple) for side in ("h", "w"))
    network = Coarse(network.to(memory_format=torch.contiguous_format)).eval()  # type: ignore[call-overload]
    # The exporter talks to people who export networks they do not know.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            (torch.zeros(1, 3, 8 * multiple, 16 * multiple),),
            dynamo=True,
            dynamic_shapes=({2: multiple * height, 3: multiple * width},),
            input_names=[INPUT],
            output_names=[OUTPUT],
            verbose=False,
        )
    assert program is not None  # noqa: S101 - for the type checker
    return stripped(program.model_proto)


def stripped(model: ModelProto) -> ModelProto:
    """Leave what engines read, and nothing of where and by what it was made."""
    model.producer_name, model.producer_version = "tripane", ""
    del model.metadata_props[:]
    graph = model.graph
    sizes = _sizes(graph)
    del graph.metadata_props[:], graph.value_info[:]
    graph.value_info.extend(sizes)
    graph.name, graph.doc_string = OUTPUT, ""
    for part in (*graph.node, *graph.initializer, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    return model


def _sizes(graph: GraphProto) -> list[ValueInfoProto]:
    """The shape of each map that a node gives, as "8*h" × "8*w": ONNX Runtime adds two in its own layout only where it
    can tell that they are equally large, which it cannot conclude by itself after a pooling or a dilated convolution.
    """
    given = {name for node in graph.node for name in node.output}
    maps = []
    for value in graph.value_info:
        size = value.type.tensor_type.shape.dim
        if value.name not in given or len(size) != 4:
            continue
        named = helper.make_tensor_value_info(
            value.name,
            value.type.tensor_type.elem_type,
            [
                re.sub(r"s\d+", symbol, side.dim_param) or side.dim_value
                for side, symbol in zip(size, "nchw", strict=True)
            ],
        )
        maps.append(named)
    return maps


def with_half_weights(model: ModelProto) -> ModelProto:
    """Store convolutions' weights in float16, each followed by a Cast to float32 that engines fold when they load.

    Biases stay as they are: they are few.
    """
    half = ModelProto()
    half.CopyFrom(model)
    casts = []
    for tensor in half.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1:
            values = onnx.numpy_helper.to_array(tensor)
            name = tensor.name
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            casts.append(helper.make_node("Cast", [tensor.name], [name], name=f"{name}_cast", to=TensorProto.FLOAT))
    nodes = list(half.graph.node)
    del half.graph.node[:]
    half.graph.node.extend([*casts, *nodes])
    return half
