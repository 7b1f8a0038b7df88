"""The engines that are compared: the two that can serve, and OpenVINO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from shared.contracts.card import Card
from shared.inference.engine import Engine
from shared.inference.model import read_model
from shared.model_files import network

TITLES = {"torch": "PyTorch", "onnx": "ONNX Runtime", "openvino": "OpenVINO"}


class OpenVinoEngine:
    """An `Engine` over a model that OpenVINO has compiled for the CPU."""

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled

    @classmethod
    def load(cls, card: Card, file: bytes, threads: int | None = None) -> Self:
        """From an ONNX file; see `Engine.load`."""
        import openvino

        core = openvino.Core()
        # Left to itself it computes in bfloat16 where the CPU can: less exact, and Lambda's need not be able to.
        options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        if threads:
            options["INFERENCE_NUM_THREADS"] = threads
        return cls(core.compile_model(core.read_model(file), "CPU", options))

    def run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.run`."""
        logits: NDArray[np.float32] = self.compiled({0: pixels})[0]
        return logits


def load(name: str, card: Card, precision: str, threads: int | None = None) -> Engine:
    """A card's network in an engine of `TITLES`, from its committed file of a precision."""
    if name == "openvino":
        return OpenVinoEngine.load(card, network(card, precision).read(), threads)
    return read_model(replace(card, precision=precision), threads=threads, name=name).engine


def forward(name: str, card: Card, precision: str, threads: int, pixels: NDArray[np.float32]) -> Callable[[], Any]:
    """One forward pass over `pixels` on so many threads."""
    engine = load(name, card, precision, threads)
    if name != "torch":
        return lambda: engine.run(pixels)
    import torch

    def run() -> None:
        torch.set_num_threads(threads)  # a setting of the whole process, and others take their turn in it
        engine.run(pixels)

    return run
