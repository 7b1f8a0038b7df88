"""ONNX files as people bring them: one small network, its input and output in every form that exporters give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save_model

CLASSES = 11
MEAN, STD = (123.7, 116.3, 103.5), (58.4, 57.1, 57.4)
"""What the network was "trained" with: ImageNet's, of bytes."""


def write(
    path: Path,
    *,
    layout: str = "NCHW",
    channels: str = "RGB",
    kind: str = "float32",
    answers: str = "logits",
    output_layout: str = "NCHW",
    size: tuple[int, int] | None = None,
    stride: int = 4,
    classes: int = CLASSES,
    external: str = "",
) -> Path:
    """Write the network in the form that is named. The same photo gives the same classes in all of them."""
    weight = np.random.default_rng(0).normal(size=(classes, 3, stride, stride)).astype(np.float32)
    nodes: list[Any] = []
    last = "photo"

    def then(operator: str, *more: str, **attributes: Any) -> None:
        nonlocal last
        nodes.append(helper.make_node(operator, [last, *more], [f"{operator}_{len(nodes)}"], **attributes))
        last = nodes[-1].output[0]

    initializers = []

    def constant(name: str, value: Any) -> str:
        initializers.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    if kind != "float32":
        then("Cast", to=TensorProto.FLOAT)
    if layout == "NHWC":
        then("Transpose", perm=[0, 3, 1, 2])
    if channels == "BGR":
        weight = weight[:, ::-1]
    if kind == "uint8":  # it normalises by itself
        by_channel = slice(None, None, -1 if channels == "BGR" else 1)
        then("Sub", constant("mean", np.reshape(MEAN[by_channel], (1, 3, 1, 1))))
        then("Div", constant("std", np.reshape(STD[by_channel], (1, 3, 1, 1))))
    then("Conv", constant("weight", np.ascontiguousarray(weight)), strides=[stride, stride])
    if answers == "probabilities":
        then("Softmax", axis=1)
    if answers == "classes":
        then("ArgMax", axis=1, keepdims=0)
    elif output_layout == "NHWC":
        then("Transpose", perm=[0, 2, 3, 1])
    height, width = (size[1], size[0]) if size else ("h", "w")
    types = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8}
    shape = [1, 3, height, width] if layout == "NCHW" else [1, height, width, 3]
    taken = helper.make_tensor_value_info("photo", types[kind], shape)
    given = helper.make_tensor_value_info(last, TensorProto.INT64 if answers == "classes" else TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "brought", [taken], [given], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    if external:
        save_model(model, str(path), save_as_external_data=True, location=external, size_threshold=0)
    else:
        path.write_bytes(model.SerializeToString())
    return path
