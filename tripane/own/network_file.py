"""A user's ONNX file, read as untrusted input: one sentence for each thing that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from tripane.errors import UsageError

MAX_BYTES = 512 * 1024 * 1024
"""A network is held in memory several times over while it is loaded, and a function on AWS has 3 GB."""
OPERATORS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
"""Domains of the operators that ONNX Runtime has."""


@dataclass(frozen=True)
class NetworkFile:
    """A whole network in one piece, and how many parameters it has."""

    content: bytes
    parameters: int


def read(path: Path) -> NetworkFile:
    """Read a network, with what lies beside it as external data, in one piece. Raises `UsageError`."""
    import onnx  # half a second, for this command alone

    _check_size(path, [path])
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:  # protobuf's, of a class that depends on how it was built
        raise UsageError(f"{path} is not an ONNX file: it cannot be parsed.") from error
    if not model.graph.node:
        raise UsageError(f"{path} is not an ONNX file: it holds no network.")
    if unknown := sorted(_unknown_operators(model)):
        raise UsageError(
            f"{path} uses the operator {unknown[0]}, which ONNX Runtime does not have: export the network with "
            "standard operators alone."
        )
    tensors = list(_tensors(model))
    outside = [tensor for tensor in tensors if tensor.data_location == onnx.TensorProto.EXTERNAL]
    folder = path.resolve().parent
    _check_size(path, [path, *{_beside(path, folder, tensor) for tensor in outside}])
    try:
        for tensor in outside:
            onnx.external_data_helper.load_external_data_for_tensor(tensor, str(folder))
            tensor.data_location = onnx.TensorProto.DEFAULT
            del tensor.external_data[:]
    except Exception as error:  # what a broken offset or length leads to
        raise UsageError(f"{path}: its external data cannot be read: {error}.") from error
    weights = onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE
    whole = onnx.TensorProto.INT8, onnx.TensorProto.UINT8
    parameters = sum(prod(tensor.dims) for tensor in tensors if tensor.data_type in (*weights, *whole))
    return NetworkFile(bytes(model.SerializeToString()), max(1, parameters))


def _check_size(path: Path, files: list[Path]) -> None:
    try:
        size = sum(file.stat().st_size for file in files)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}.") from error
    if size > MAX_BYTES:
        raise UsageError(f"{path} has {size / 2**20:.0f} MiB with its data; at most {MAX_BYTES // 2**20} are accepted.")
    if not path.is_file():
        raise UsageError(f"{path} is not a file.")


def _beside(path: Path, folder: Path, tensor: Any) -> Path:
    """The file that holds a tensor's data, which must lie where the network does."""
    name = next((entry.value for entry in tensor.external_data if entry.key == "location"), "")
    file = (folder / name).resolve()
    if not name or not file.is_relative_to(folder):
        raise UsageError(f"{path} refers to {name!r}, outside its folder: its external data must lie beside it.")
    if not file.is_file():
        raise UsageError(f"{path} keeps its weights in {name}, which is not beside it: copy both files.")
    return file


def _unknown_operators(model: Any) -> Iterator[str]:
    """Operators that neither ONNX Runtime nor the file itself defines."""
    defined = {(function.domain, function.name) for function in model.functions}
    bodies = [model.graph, *model.functions]
    for node in (node for body in bodies for node in _nodes(body)):
        if node.domain not in OPERATORS and (node.domain, node.op_type) not in defined:
            yield f"{node.domain}:{node.op_type}"


def _tensors(model: Any) -> Iterator[Any]:
    """Every tensor that the file holds: weights, and constants of nodes."""
    yield from model.graph.initializer
    for node in (node for body in (model.graph, *model.functions) for node in _nodes(body)):
        for attribute in node.attribute:
            yield from ([attribute.t] if attribute.HasField("t") else [])
            yield from attribute.tensors
            for graph in ([attribute.g] if attribute.HasField("g") else []) + list(attribute.graphs):
                yield from graph.initializer


def _nodes(body: Any) -> Iterator[Any]:
    """The nodes of a graph or function, and of the graphs within them."""
    for node in body.node:
        yield node
        for attribute in node.attribute:
            for graph in ([attribute.g] if attribute.HasField("g") else []) + list(attribute.graphs):
                yield from _nodes(graph)
