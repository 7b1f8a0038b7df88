"""What a network takes and gives, found by running it: layout, type and size of its input, which output is the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.card import Graph, InputPolicy
from shared.contracts.labels import CLASS_NAMES
from shared.inference.graph import fed
from shared.inference.pixels import input_size, pixels
from tripane.errors import UsageError
from tripane.own import classes as lists
from tripane.own.classes import Classes

TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(uint8)": "uint8"}
SHORT_SIDE = 512
"""The short side at which a network that takes any size sees a photo, if nothing else is said."""
_CHANNEL = {"NCHW": 1, "NHWC": 3}


@dataclass(frozen=True)
class Wanted:
    """What running it cannot tell: see `tripane add --help`. Mean and deviation are of bytes, red first."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    channels: str = "RGB"
    size: tuple[int, int] | None = None
    short_side: int = SHORT_SIDE
    multiple: int = 32
    output: str = ""
    classes: str = ""


@dataclass(frozen=True)
class Found:
    """What a network takes and gives, and what its classes are."""

    graph: Graph
    input: InputPolicy
    classes: Classes


def session(content: bytes, source: str, threads: int = 1, profile: str = "") -> onnxruntime.InferenceSession:
    """A network ready to run; raises `UsageError`. With `profile`, a path, each operator is timed, none fused."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = profile
        options.add_session_config_entry("session.disable_prepacking", "1")  # packed weights lose their shapes
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # of a class for each code, and no base of their own
        raise UsageError(f"ONNX Runtime cannot load {source}: {_first_line(error)}") from error


def probe(run: onnxruntime.InferenceSession, wanted: Wanted, photo: Image.Image, source: str) -> Found:
    """Show a network a photo, and see how it takes it and what it gives. Raises `UsageError`."""
    name, kind, layouts, fixed = _input(run, source)
    if fixed and wanted.size and fixed != wanted.size:
        raise UsageError(f"{source} takes {_by(fixed)} px and no other size: leave out --size.")
    size = fixed or wanted.size
    policy = InputPolicy(
        short_side=min(size) if size else wanted.short_side,
        max_enlargement=2.0,
        max_long_side=max(size) if size else round(2.5 * wanted.short_side),
        multiple=wanted.multiple,
        mean=wanted.mean,
        std=wanted.std,
        size=size,
    )
    seen = input_size(*photo.size, policy)
    shown, failure = pixels(photo, seen, policy), ""
    for layout in layouts:
        graph = Graph(name, layout, kind, wanted.channels, "", "", "")
        try:
            outputs = run.run(None, {name: fed(shown, graph)})
        except Exception as error:  # whatever it is, it is the network's
            failure = _first_line(error)
            continue
        names = [output.name for output in run.get_outputs()]
        return _answer(dict(zip(names, outputs, strict=True)), graph, policy, wanted, source)
    raise UsageError(f"{source} fails on a photo of {_by(seen)} px: {failure} Say what it takes by --size.")


def _input(run: onnxruntime.InferenceSession, source: str) -> tuple[str, str, list[str], tuple[int, int] | None]:
    """Name, type and possible layouts of the only input, and width and height if it takes one size alone."""
    inputs = run.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        told = ", ".join(f"{each.name} {_shape(each.shape)}" for each in inputs) or "nothing"
        raise UsageError(f"{source} takes {told}; a network that sees a photo takes one array of four axes.")
    (taken,) = inputs
    if taken.type not in TYPES:
        raise UsageError(f"{source} takes {taken.type}; float32, float16 and uint8 can be given.")
    if isinstance(taken.shape[0], int) and taken.shape[0] != 1:
        raise UsageError(f"{source} takes {taken.shape[0]} photos at a time: export it with a batch of one.")
    layouts = [layout for layout, axis in _CHANNEL.items() if not isinstance(taken.shape[axis], int)]
    layouts = [layout for layout, axis in _CHANNEL.items() if taken.shape[axis] == 3] or layouts
    if not layouts:
        raise UsageError(
            f"{source} takes {_shape(taken.shape)}: neither its second nor its last axis is of 3 channels."
        )
    sides = taken.shape[2:4] if layouts[0] == "NCHW" else taken.shape[1:3]
    fixed = (sides[1], sides[0]) if all(isinstance(side, int) for side in sides) else None
    return taken.name, TYPES[taken.type], layouts, fixed


def _answer(outputs: dict[str, NDArray[Any]], graph: Graph, policy: InputPolicy, wanted: Wanted, source: str) -> Found:
    """Which output is the map, and what it holds."""
    if wanted.output and wanted.output not in outputs:
        raise UsageError(f"{source} has no output {wanted.output!r}; it has: {', '.join(outputs)}.")
    chosen = {wanted.output: outputs[wanted.output]} if wanted.output else outputs
    classes = lists.load(wanted.classes) if wanted.classes else None
    for name, output in chosen.items():
        if np.issubdtype(output.dtype, np.integer) and (layout := _layout_of_ids(output)):
            if classes is None:
                raise UsageError(f"{source} answers with ids of classes: say of which by --classes.")
            if (largest := int(output.max(initial=0))) >= len(classes.names):
                raise UsageError(f"{source} answers the class {largest}; --classes has {len(classes.names)}, from 0.")
            return Found(_graph(graph, name, layout, "classes"), policy, classes)
        for layout, axis in _CHANNEL.items():
            if output.ndim == 4 and output.shape[0] == 1 and np.issubdtype(output.dtype, np.floating):
                if classes is None and output.shape[axis] == len(CLASS_NAMES):
                    classes = lists.load("tripane")
                if classes and output.shape[axis] == len(classes.names):
                    return Found(_graph(graph, name, layout, _kind(output, axis, source)), policy, classes)
    raise UsageError(_no_map(chosen, classes, source))


def _graph(graph: Graph, output: str, layout: str, answers: str) -> Graph:
    return Graph(graph.input, graph.layout, graph.type, graph.channels, output, layout, answers)


def _layout_of_ids(output: NDArray[Any]) -> str | None:
    if output.ndim == 3 and output.shape[0] == 1:
        return "NHW"
    if output.ndim == 4 and output.shape[0] == 1:
        return next((layout for layout, axis in _CHANNEL.items() if output.shape[axis] == 1), None)
    return None


def _kind(output: NDArray[Any], axis: int, source: str) -> str:
    """Whether numbers are logits, or probabilities already."""
    if not np.isfinite(output).all():
        raise UsageError(f"{source} gives numbers that are not finite: see whether --mean and --std are right.")
    sums = output.astype(np.float64).sum(axis)
    return "probabilities" if output.min() >= 0 and np.abs(sums - 1).max() < 0.01 else "logits"


def _no_map(outputs: dict[str, NDArray[Any]], classes: Classes | None, source: str) -> str:
    told = ", ".join(f"{name} {_shape(list(output.shape))}" for name, output in outputs.items())
    if classes:
        return f"{source} gives {told}: none of it is a map of the {len(classes.names)} classes of --classes."
    counts = [shape[axis] for output in outputs.values() if len(shape := output.shape) == 4 for axis in (1, 3)]
    fitting = [name for count in counts for name in lists.of_count(count)]
    hint = f", such as {fitting[0]}, which has as many" if fitting else ""
    return f"{source} gives {told}: say what its classes are by --classes{hint}."


def _shape(shape: list[Any]) -> str:
    return "x".join(str(side) if isinstance(side, int) else "?" for side in shape)


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def _first_line(error: Exception) -> str:
    """An engine's message, cut to one readable line."""
    line = (str(error) or type(error).__name__).strip().splitlines()[0]
    return (line if len(line) <= 200 else line[:197] + "...").rstrip(".") + "."
