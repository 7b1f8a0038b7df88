"""Model functions as processes of this machine."""

from __future__ import annotations

import pytest

from local import processes


@pytest.mark.parametrize(("cpus", "models", "threads"), [(1, 3, 1), (2, 3, 1), (4, 3, 2), (8, 3, 3), (2, 1, 2)])
def test_models_that_run_at_once_share_the_cpus(monkeypatch, cpus, models, threads):
    monkeypatch.setattr(processes, "usable_cpus", lambda: cpus)
    assert processes.threads_each(models) == threads
