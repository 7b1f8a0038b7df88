"""The machine's peak arithmetic: products of large matrices, which engines compute most efficiently."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

SIDE = 1024
GIGA_OPERATIONS = 2 * SIDE**3 / 1e9
"""Operations of one product, in billions: a multiplication and an addition for each term."""


LIBRARIES = ("PyTorch", "ONNX Runtime")


def products(precision: str, threads: int) -> dict[str, Callable[[], Any]]:
    """A product of two square matrices in a precision by each library that has one, on so many threads."""
    return dict(zip(LIBRARIES, (_torch(precision, threads), _onnx(precision, threads)), strict=True))


def _torch(precision: str, threads: int) -> Callable[[], Any]:
    if precision == "int8":
        integers = torch.randint(-63, 63, (SIDE, SIDE), dtype=torch.int8)
        return partial(_multiply, torch._int_mm, integers, threads)
    floats = torch.randn(SIDE, SIDE)
    return partial(_multiply, torch.mm, floats, threads)


def _multiply(product: Callable[..., Any], matrix: torch.Tensor, threads: int) -> None:
    torch.set_num_threads(threads)
    product(matrix, matrix)


def _onnx(precision: str, threads: int) -> Callable[[], Any]:
    random = np.random.default_rng(0)
    if precision == "int8":
        operator, kinds = "MatMulInteger", (TensorProto.UINT8, TensorProto.INT32)
        left = random.integers(0, 255, (SIDE, SIDE), np.uint8)
        right: Any = random.integers(-63, 63, (SIDE, SIDE), np.int8)
    else:
        operator, kinds = "MatMul", (TensorProto.FLOAT, TensorProto.FLOAT)
        left = right = random.normal(size=(SIDE, SIDE)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node(operator, ["left", "right"], ["product"])],
        "product",
        [helper.make_tensor_value_info("left", kinds[0], [SIDE, SIDE])],
        [helper.make_tensor_value_info("product", kinds[1], [SIDE, SIDE])],
        [numpy_helper.from_array(right, "right")],  # a constant, as a network's weights are
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"left": left})
