"""PyTorch as the engine: what networks are defined and trained in, and the reference for every other."""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from shared.contracts.card import Card
from shared.inference.network import Network, load


class TorchEngine:
    """An `Engine` over a network that is ready to serve: see `network.optimise`."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @classmethod
    def load(cls, card: Card, file: bytes, threads: int | None = None) -> Self:
        """From a safetensors file; see `Engine.load`. `threads` holds for the whole process."""
        if threads:
            torch.set_num_threads(threads)
        return cls(load(card, file))

    def run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.run`."""
        with torch.inference_mode():
            laid_out = torch.from_numpy(pixels).contiguous(memory_format=torch.channels_last)
            return self.network.coarse(laid_out).float().numpy()
