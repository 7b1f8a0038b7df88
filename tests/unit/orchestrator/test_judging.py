"""Agreement and truth against maps small enough to count by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from functions.orchestrator.agreement import agreement
from functions.orchestrator.truth import scores
from shared.contracts.labels import CLASS_NAMES

SKY, BUILDING, ROAD, NOTHING = 0, 1, 3, 255


def compared(maps: dict[str, np.ndarray]) -> dict[str, Any]:
    return agreement(maps).model_dump()


def halves(left: int, right: int, edge: int = 128) -> np.ndarray:
    labels = np.full((128, 256), right, np.uint8)
    labels[:, :edge] = left
    return labels


def test_maps_that_are_alike_agree_everywhere() -> None:
    found = compared({"a": halves(SKY, ROAD), "b": halves(SKY, ROAD)})
    assert found["all"] == 1.0
    assert found["disputed"] == []


def test_what_is_none_of_the_classes_is_an_answer_like_any_other() -> None:
    other = halves(SKY, ROAD)
    other[32:64, 200:240] = NOTHING
    found = compared({"a": halves(SKY, ROAD), "b": other})
    assert found["disputed"][0]["answers"] == {"a": "road", "b": "nothing"}
    assert found["all"] == pytest.approx(1 - 40 * 32 / (128 * 256), abs=1e-6)
    assert compared({"a": other, "b": other})["all"] == 1
    truth = halves(SKY, ROAD)
    assert scores(other, truth).pixel_accuracy == pytest.approx(1 - 40 * 32 / (128 * 256), abs=1e-4)
    assert scores(other, truth).classes["road"] == pytest.approx(1 - 40 * 32 / (128 * 128), abs=1e-4)
    assert set(scores(other, truth).classes) == set(CLASS_NAMES)


def test_a_thin_band_is_no_region_but_counts_as_disagreement() -> None:
    found = compared({"a": halves(SKY, ROAD, 128), "b": halves(SKY, ROAD, 129)})
    assert found["all"] == pytest.approx(255 / 256, abs=1e-6)
    assert found["disputed"] == []


def test_a_region_has_its_box_its_share_and_each_ones_answer() -> None:
    other = halves(SKY, ROAD)
    other[32:64, 200:240] = BUILDING
    (region,) = compared({"a": halves(SKY, ROAD), "b": other})["disputed"]
    assert region == {
        "x": 200,
        "y": 32,
        "width": 40,
        "height": 32,
        "share": pytest.approx(40 * 32 / (128 * 256), abs=1e-6),
        "answers": {"a": "road", "b": "building"},
    }


def test_pairs_and_classes_are_counted_apart() -> None:
    found = compared({"a": halves(SKY, ROAD), "b": halves(SKY, ROAD), "c": halves(SKY, BUILDING)})
    assert {tuple(pair["models"]): pair["share"] for pair in found["pairs"]} == {
        ("a", "b"): 1.0,
        ("a", "c"): 0.5,
        ("b", "c"): 0.5,
    }
    assert (found["classes"]["sky"], found["classes"]["road"], found["classes"]["car"]) == (1.0, 0.0, None)


def test_at_most_eight_regions_are_named_largest_first() -> None:
    other = halves(SKY, SKY)
    for i in range(10):
        other[10:20, i * 25 : i * 25 + 4 + i] = ROAD
    shares = [region["share"] for region in compared({"a": halves(SKY, SKY), "b": other})["disputed"]]
    assert len(shares) == 8
    assert shares == sorted(shares, reverse=True)


def test_scores_are_those_counted_by_hand_and_unlabelled_pixels_do_not_count() -> None:
    truth = np.array([[SKY, SKY, ROAD, 255]], np.uint8)
    answer = np.array([[SKY, ROAD, ROAD, SKY]], np.uint8)
    found = scores(answer, truth).model_dump()
    assert (found["classes"]["sky"], found["classes"]["road"], found["classes"]["car"]) == (0.5, 0.5, None)
    assert found["miou"] == 0.5
    assert found["pixel_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
