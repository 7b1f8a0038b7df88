"""The load generator: visitors at once, refusals, errors, fairness."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from local.bench.visitors import Visit, fairness, visit


def refused(status: int, **headers: str) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "http://photo.test/")
    return httpx.HTTPStatusError("refused", request=request, response=httpx.Response(status, headers=headers))


def test_all_visitors_come_at_once_and_each_sends_its_photos_one_after_the_other():
    at_once, most = 0, 0

    async def send(client, photo):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1

    visits, took = visit(send, lambda: b"", 5, 3)
    assert most == 5
    assert Counter(one.visitor for one in visits) == dict.fromkeys(range(5), 3)
    assert took >= 0.03


def test_who_is_refused_waits_as_long_as_told_and_tries_again():
    answers = iter([refused(429, **{"Retry-After": "0.05"}), refused(429, **{"Retry-After": "0.05"}), None])

    async def send(client, photo):
        if answer := next(answers):
            raise answer

    (one,), _ = visit(send, lambda: b"", 1, 1)
    assert (one.refusals, one.error) == (2, None)
    assert one.ms >= 100


@pytest.mark.parametrize(
    ("failure", "said"), [(refused(502), "status 502"), (httpx.ReadTimeout("late"), "ReadTimeout")]
)
def test_an_error_is_counted_and_ends_the_attempt(failure, said):
    async def send(client, photo):
        raise failure

    (one,), _ = visit(send, lambda: b"", 1, 1)
    assert (one.refusals, one.error) == (0, said)


def test_fairness_is_jains_index():
    alike = [Visit(visitor, 100, 0) for visitor in range(4)]
    assert fairness(alike, 4) == pytest.approx(1)
    one_waits = [Visit(visitor, 100 if visitor == 0 else 0, 0) for visitor in range(4)]
    assert fairness(one_waits, 4) == pytest.approx(1 / 4)
