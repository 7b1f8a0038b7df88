"""What functions are given."""

from __future__ import annotations

from shared.contracts import deployment


def test_processors_follow_memory_as_on_lambda():
    assert deployment.cpus(1769) == 1.0
    assert (deployment.cpus(deployment.MODEL_MEMORY_MB), deployment.cpus(1024)) == (1.74, 0.58)
