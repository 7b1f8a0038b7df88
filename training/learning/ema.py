"""An exponential moving average of a network's weights: the network that is kept."""

from __future__ import annotations

import copy

import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn

from shared.inference.network import Network


class Ema:
    """Follows a network; `network` holds the average.

    Early on the average forgets faster, (step + 1) / (step + 20), or it would hold random weights for long. Batch-norm
    statistics are averaged like weights; counters are copied.
    """

    def __init__(self, network: Network, decay: float = 0.998) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, network: Network, step: int) -> None:
        """Move towards `network` after optimisation step `step`, counted from 0."""
        decay = min(self.decay, (step + 1) / (step + 20))
        means, numbers = [], []
        for mean, now in zip(self.network.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.is_floating_point():
                means.append(mean)
                numbers.append(now)
            else:
                mean.copy_(now)
        get_ema_multi_avg_fn(decay)(means, numbers, step)  # all in one go, which a GPU is many times faster at
