"""What can be measured of a network: multiply-accumulates, time, and how right it is on a sample."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from shared.contracts.card import InputPolicy
from shared.inference.graph import fed
from shared.inference.model import Model
from shared.inference.pixels import input_size
from tripane.own.probe import Found, session

RUNS = 5
ENOUGH_S = 5.0
"""A slow network is run less often."""


def gmacs(content: bytes, found: Found, seen: tuple[int, int], source: str) -> float:
    """Billions of multiply-accumulates of convolutions and matrix products, by the shapes that one run has."""
    with tempfile.TemporaryDirectory() as folder:
        run = session(content, source, profile=f"{folder}/run")
        run.run([found.graph.output], {found.graph.input: fed(_blank(seen), found.graph)})
        events = json.loads(Path(run.end_profiling()).read_text(encoding="utf-8"))
    return sum(_macs(events)) / 1e9


def milliseconds(model: Model, seen: tuple[int, int]) -> float:
    """The median of a few runs at a size of width and height, after a first one."""
    blank, times = _blank(seen), list[float]()
    model.engine.run(blank)
    while len(times) < RUNS and sum(times) < ENOUGH_S:
        start = time.perf_counter()
        model.engine.run(blank)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def measured_at(policy: InputPolicy) -> tuple[int, int]:
    """Width and height at which a network is measured: of a photo of 2048 x 1024 px, as our own are."""
    return input_size(2048, 1024, policy)


def _blank(size: tuple[int, int]) -> Any:
    return np.zeros((1, 3, size[1], size[0]), np.float32)


def _macs(events: list[dict[str, Any]]) -> Iterator[int]:
    for event in events:
        about = event.get("args", {})
        kind = str(about.get("op_name", "")).removeprefix("QLinear").removesuffix("Integer")
        if kind not in {"Conv", "ConvTranspose", "MatMul", "Gemm", "FusedMatMul"} or not event["name"].endswith(
            "_time"
        ):
            continue
        shapes = [next(iter(shape.values())) for shape in about["input_type_shape"]]
        output = next(iter(about["output_type_shape"][0].values()))
        if kind in {"MatMul", "Gemm"}:
            yield prod(output) * shapes[0][-1]
            continue
        # A quantised convolution has scale and zero point between its input and its weights.
        weights = shapes[3] if about["op_name"] == "QLinearConv" else shapes[1]
        yield prod(output if kind == "Conv" else shapes[0]) * prod(weights[1:])
