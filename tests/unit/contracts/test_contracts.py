"""Prices, messages, problems."""

from __future__ import annotations

import pytest

from shared.contracts.messages import SegmentRequest
from shared.contracts.pricing import billed_ms, cost_usd
from shared.contracts.problems import Problem

REQUEST = {"image_key": "b", "results_prefix": "c", "version": "d", "correlation_id": "e"}


def test_a_warm_call_is_billed_for_its_time_rounded_up_and_a_cold_one_for_its_start_too():
    assert billed_ms(100.2, 2000.0, cold_start=False) == 101
    assert billed_ms(100.2, 2000.0, cold_start=True) == 2101


def test_a_second_of_three_gigabytes_costs_three_gigabyte_seconds_and_a_request():
    assert cost_usd(1000, 3072) == pytest.approx(3 * 0.0000166667 + 0.0000002)


def test_a_request_survives_its_journey():
    assert SegmentRequest.from_document(REQUEST).document() == REQUEST


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ({**REQUEST, "surplus": "x"}, "surplus"),
        ({k: v for k, v in REQUEST.items() if k != "image_key"}, "image_key"),
        ({**REQUEST, "version": 3}, "version"),
        ({**REQUEST, "version": ""}, "version"),
        ([], "object"),
    ],
)
def test_an_event_that_is_no_request_is_refused_by_name(event, names):
    with pytest.raises(ValueError, match=names):
        SegmentRequest.from_document(event)


def test_a_problem_survives_its_journey():
    problem = Problem("too-large", "Too large", 413, "At most 4 MiB.")
    document = problem.document("r-1")
    assert document["type"] == "urn:tripane:problem:too-large"
    assert document["request_id"] == "r-1"
    assert Problem.from_document(document) == problem
