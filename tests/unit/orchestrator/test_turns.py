"""One caller who asks for much does not keep another from a model."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.orchestrator.turns import NoTurnError, Turns


def wait_until_waiting(turns: Turns, count: int) -> None:
    while sum(map(len, turns._waiting.values())) < count:
        time.sleep(0.005)


def test_callers_take_turns_whoever_asked_first_and_for_how_much() -> None:
    turns, order = Turns(1), []

    def call(caller: str) -> None:
        with turns.take(caller, 30):
            order.append(caller)

    with ThreadPoolExecutor(20) as pool, turns.take("first", 30):
        for number, caller in enumerate(["greedy"] * 5 + ["second"] * 2 + ["third"], 1):
            pool.submit(call, caller)
            wait_until_waiting(turns, number)
    assert order == ["greedy", "second", "third", "greedy", "second", "greedy", "greedy", "greedy"]


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (None, 8)])
def test_so_many_are_made_at_once_and_no_more(count: int | None, expected: int) -> None:
    turns, running, most, lock, reached = Turns(count), 0, 0, threading.Lock(), threading.Event()

    def call(number: int) -> None:
        nonlocal running, most
        with turns.take(str(number), 30):
            with lock:
                running += 1
                most = max(most, running)
                if running == expected:
                    reached.set()
            reached.wait(30)
            time.sleep(0.05)  # for one too many to come
            with lock:
                running -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(8)))
    assert (most, running) == (expected, 0)


def test_who_loses_patience_leaves_the_queue_and_the_turn_goes_on() -> None:
    turns = Turns(1)
    with turns.take("a", 1):
        with pytest.raises(NoTurnError), turns.take("b", 0.05):
            pytest.fail("there was no turn")
        assert not turns._waiting
    with turns.take("c", 0):
        pass


def test_a_call_that_fails_passes_its_turn_on() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError), turns.take("a", 1):
        raise ValueError
    with turns.take("b", 0):
        pass
