"""What runs a network: the little that serving, training and studies need of PyTorch or any other runtime."""

from __future__ import annotations

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from shared.contracts.card import Card


class NetworkError(Exception):
    """A card names a network that does not exist, or a file does not fit the network."""


class Engine(Protocol):
    """Loads a file, runs an array."""

    @classmethod
    def load(cls, card: Card, file: bytes, threads: int | None = None) -> Self:
        """The network of `card` from a file that the card names, to run on `threads` threads; None is the engine's own
        choice.

        Raises `NetworkError` when there is no such network, or the file does not fit it.
        """

    def run(self, pixels: NDArray[np.float32]) -> NDArray[Any]:
        """Normalised pixels, N×3×H×W, to logits at the network's stride, N×classes×h×w, both in any memory layout.

        A network that answers with classes alone gives their ids instead, N×h×w bytes.
        """
