"""The learning rate, by step and by parameter."""

from __future__ import annotations

import math

from torch import nn

COOLDOWN = 0.4  # share of a cycle's steps over which the learning rate falls


def schedule(step: int, steps: int, warmup: int = 100) -> float:
    """Factor of the learning rate in a cycle: a linear warm-up, then constant, then down to nothing over `COOLDOWN`.

    As good as a cosine, and it commits to an end only when the end is near: a run may be given another number of steps
    while it is on. Hägele et al.: Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations. 2024.
    The way down is 1 - sqrt of the way gone, theirs too. Another cycle takes a run further that had come to its end:
    Loshchilov and Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts. ICLR 2017.
    """
    gone = (step - (1 - COOLDOWN) * steps) / (COOLDOWN * steps)
    return min(1.0, (step + 1) / warmup) * (1 - math.sqrt(min(1.0, max(0.0, gone))))


def cooling(step: int, cycle: int) -> bool:
    """Whether the learning rate falls by then, in cycles of so many steps."""
    return step % cycle >= (1 - COOLDOWN) * cycle


def parameter_groups(network: nn.Module, rate: float, encoder_factor: float, decay: float) -> list[dict[str, object]]:
    """Weights decay, norms and biases do not; a pre-trained encoder learns slower by `encoder_factor`."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault((name.startswith("encoder."), parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": p,
            "lr": rate * (encoder_factor if encoder else 1),
            "weight_decay": decay if weight else 0.0,
        }
        for (encoder, weight), p in groups.items()
    ]
