"""What a comparison costs on AWS Lambda: the published on-demand prices, and the arithmetic."""

from __future__ import annotations

from math import ceil

# us-east-1, x86-64, first tier: https://aws.amazon.com/lambda/pricing/
USD_PER_GB_SECOND = 0.0000166667
USD_PER_REQUEST = 0.0000002
USD_PER_RESTORED_GB = 0.0001397998
"""Price of each restore from a snapshot (SnapStart), beside what hooks and handler take."""


def billed_ms(handler_ms: float, init_ms: float, cold_start: bool) -> int:
    """Milliseconds that Lambda bills for one invocation: rounded up, initialisation included when cold."""
    return ceil(handler_ms + (init_ms if cold_start else 0.0))


def cost_usd(milliseconds: int, memory_mb: int, *, restored: bool = False) -> float:
    """US dollars for one invocation of `milliseconds` billed at `memory_mb` of configured memory.

    `restored` when its environment was restored from a snapshot for it.
    """
    for_each_gb = milliseconds / 1000 * USD_PER_GB_SECOND + (USD_PER_RESTORED_GB if restored else 0.0)
    return memory_mb / 1024 * for_each_gb + USD_PER_REQUEST
