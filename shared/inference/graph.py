"""Adapts the inputs and outputs of a user's own network to those of every `Engine`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.contracts.card import Graph

LEAST = np.finfo(np.float32).tiny
"""A probability of nothing has no logarithm."""


def fed(pixels: NDArray[np.float32], graph: Graph) -> NDArray[Any]:
    """Normalised pixels, N×3×H×W and red first, as the graph takes them."""
    if graph.channels == "BGR":
        pixels = pixels[:, ::-1]
    if graph.type == "uint8":
        pixels = np.rint(pixels).clip(0, 255)
    if graph.layout == "NHWC":
        pixels = pixels.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pixels, graph.type)


def answered(output: NDArray[Any], graph: Graph) -> NDArray[Any]:
    """What the graph gives as logits, N×classes×h×w, or, of one that answers with classes, as their ids, N×h×w bytes.

    Raises `ValueError` for an output that has no such shape, or holds what is no number.
    """
    axes = len(graph.output_layout)
    if output.ndim != axes:
        raise ValueError(f"the network gave {output.ndim} axes where its card says {graph.output_layout}")
    if graph.output_layout == "NHWC":
        output = output.transpose(0, 3, 1, 2)
    if graph.answers != "classes":
        logits = np.ascontiguousarray(output, np.float32)
        if graph.answers == "probabilities":
            logits = np.log(np.maximum(logits, LEAST))
        if not np.isfinite(logits).all():
            raise ValueError("the network gave numbers that are not finite")
        return logits
    ids = output[:, 0] if axes == 4 else output
    if ids.min(initial=0) < 0 or ids.max(initial=0) > 254:
        raise ValueError("the network gave classes that its card does not have")
    return np.ascontiguousarray(ids, np.uint8)
