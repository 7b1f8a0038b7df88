"""A call's budget of CPU time."""

from __future__ import annotations

import signal
import time

import pytest

from shared.contracts.problems import ProblemError
from shared.cpu_budget import cpu_budget


def work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))


def test_work_over_the_budget_is_cut():
    began = time.process_time()
    with pytest.raises(ProblemError, match=r"0\.2 s of CPU time") as cut, cpu_budget(0.2):
        work(20)
    assert cut.value.problem.kind == "too-much-work"
    assert time.process_time() - began < 10


def test_waiting_is_no_work():
    with cpu_budget(0.2):
        time.sleep(0.5)


def test_what_comes_after_a_budget_has_none():
    before = signal.getsignal(signal.SIGPROF)
    with cpu_budget(0.1):
        pass
    with pytest.raises(KeyError), cpu_budget(0.1):
        raise KeyError
    work(0.3)
    assert signal.getsignal(signal.SIGPROF) is before
