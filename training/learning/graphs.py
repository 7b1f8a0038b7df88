"""A network captured as CUDA graphs: in a small one, a GPU mostly waits for hundreds of launches a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from shared.inference.network import Network


class _Coarse(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        return self.network.coarse(images)


def graphed(network: Network, batch: int, crop: tuple[int, int]) -> Callable[[Tensor], Tensor]:
    """`network.coarse` under bfloat16 autocast for batches of one shape, forwards and backwards in two launches.

    Call it under autocast with `cache_enabled=False`. What an answer holds is overwritten by the next one.

    NVIDIA: Accelerating PyTorch with CUDA Graphs. 2021.
    """
    images = torch.randn(batch, 3, *crop, device="cuda").contiguous(memory_format=torch.channels_last)
    with torch.autocast("cuda", torch.bfloat16, cache_enabled=False):
        return cast("Callable[[Tensor], Tensor]", torch.cuda.make_graphed_callables(_Coarse(network), (images,)))
