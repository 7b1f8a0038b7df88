"""ONNX Runtime as the engine: it serves."""

from __future__ import annotations

import os
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from shared.contracts.card import Card
from shared.inference.engine import NetworkError


class OnnxEngine:
    """An `Engine` over a session of ONNX Runtime, on the CPU alone."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self.session = session
        self.input = session.get_inputs()[0].name

    @classmethod
    def load(cls, card: Card, file: bytes, threads: int | None = None) -> Self:
        """From an ONNX file; see `Engine.load`."""
        options = onnxruntime.SessionOptions()
        # A number, or it pins each thread to a core, which fails noisily where a container has not all of them.
        options.intra_op_num_threads = threads or _processors()
        # A thread that spins while it waits burns the share of a CPU that Lambda allots, and that others need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            return cls(onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"]))
        except Exception as error:  # of a class for each code, and no base of their own
            raise NetworkError(f"the network file of {card.name} cannot be loaded: {error}") from error

    def run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.run`."""
        logits: NDArray[np.float32] = self.session.run(None, {self.input: pixels})[0]
        return logits


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
