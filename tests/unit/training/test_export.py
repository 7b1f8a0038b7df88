"""What is made of a run's weights."""

from __future__ import annotations

import torch

from training.export import half_precision, mixed


def test_a_share_of_the_served_weights_is_kept():
    run = {"weight": torch.tensor([1.0, 2.0]), "counter": torch.tensor(7)}
    served = half_precision({"weight": torch.tensor([3.0, 2.0]), "counter": torch.tensor(5)})
    found = mixed(run, served, 0.25)
    torch.testing.assert_close(found["weight"], torch.tensor([1.5, 2.0]))
    assert found["counter"] == 7


def test_what_is_served_is_half_precision_without_counters():
    state = half_precision({"a.weight": torch.ones(2), "a.num_batches_tracked": torch.tensor(3)})
    assert list(state) == ["a.weight"]
    assert state["a.weight"].dtype == torch.float16
