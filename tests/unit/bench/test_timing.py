"""Rounds in which candidates take turns, and what is made of their times."""

from __future__ import annotations

import time

from local.bench import timing
from local.bench.timing import Budget, Spread, ratio, rounds, timed
from tests.support.clock import own_time


def test_candidates_take_turns_and_the_first_round_is_not_counted():
    seen: list[str] = []

    def candidate(name):
        return lambda: (seen.append(name), len(seen))[1]

    given = rounds({"a": candidate("a"), "b": candidate("b")}, Budget(until=0))
    assert seen == ["a", "b", "a", "b"]
    assert given == {"a": [3], "b": [4]}


def test_no_round_begins_that_would_end_after_the_budget(monkeypatch):
    now = [100.0]
    own_time(monkeypatch, timing, perf_counter=lambda: now[0])

    def slow():
        now[0] += 2.0

    assert len(rounds({"slow": slow}, Budget(until=105.0), warm_up=False)["slow"]) == 2
    assert now == [104.0]


def test_a_quick_budget_has_one_round():
    assert rounds({"a": lambda: 1}, Budget(time.perf_counter() + 60, quick=True)) == {"a": [1]}


def test_a_ratio_is_the_median_of_neighbours_so_that_a_slow_phase_counts_for_both():
    slow_phase = [10.0, 10.0, 90.0], [20.0, 20.0, 180.0]
    assert ratio(*slow_phase) == (0.5, 0.5, 0.5, 3)


def test_a_spread_is_median_and_quartiles():
    assert Spread.of([4.0, 1.0, 3.0, 2.0, 5.0]) == (3.0, 2.0, 4.0, 5)
    assert Spread.of([7.0]) == (7.0, 7.0, 7.0, 1)


def test_what_is_timed_is_in_milliseconds():
    assert timed(lambda: time.sleep(0.01))() >= 10
