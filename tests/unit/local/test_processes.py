"""Model functions as processes of this machine: what they find in their environment."""

from __future__ import annotations

import io

import pytest

from local import processes
from shared.contracts.card import load_cards


@pytest.mark.parametrize(("cpus", "models", "threads"), [(1, 3, 1), (2, 3, 1), (4, 3, 2), (8, 3, 3), (2, 1, 2)])
def test_models_that_run_at_once_share_the_cpus(monkeypatch, cpus, models, threads):
    monkeypatch.setattr(processes, "usable_cpus", lambda: cpus)
    assert processes.threads_each(models) == threads


def test_a_function_is_told_its_threads_only_where_they_are_known():
    card = load_cards()["enet"]
    told = [processes.host_process(card, {}, io.BytesIO(), threads=n).env["TRIPANE_THREADS"] for n in (3, None)]
    assert told == ["3", ""]
