"""ONNX Runtime as the engine: it serves."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from shared.contracts.card import Card, Graph
from shared.inference.engine import NetworkError
from shared.inference.graph import answered, fed
from shared.usable_cpus import usable_cpus


class OnnxEngine:
    """An `Engine` over a session of ONNX Runtime, on the CPU alone; `graph` is that of a user's own network."""

    def __init__(self, session: onnxruntime.InferenceSession, graph: Graph | None = None) -> None:
        self.session, self.graph = session, graph
        self.input = graph.input if graph else session.get_inputs()[0].name

    @classmethod
    def load(cls, card: Card, file: bytes, threads: int | None = None) -> Self:
        """From an ONNX file; see `Engine.load`."""
        options = onnxruntime.SessionOptions()
        # A number, or it pins each thread to a core, which fails noisily where a container has not all of them.
        options.intra_op_num_threads = threads or usable_cpus()
        # A thread that spins while it waits burns the share of a CPU that Lambda allots, and that others need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # of a class for each code, and no base of their own
            raise NetworkError(f"the network file of {card.name} cannot be loaded: {error}") from error
        return cls(session, card.graph)

    def run(self, pixels: NDArray[np.float32]) -> NDArray[Any]:
        """See `Engine.run`; raises `ValueError` when a user's own network gives what its card does not say."""
        if self.graph is None:
            return self.session.run(None, {self.input: pixels})[0]
        output = self.session.run([self.graph.output], {self.input: fed(pixels, self.graph)})[0]
        return answered(output, self.graph)
