"""Choosing the serving size: what is shown to the networks, and the table."""

from __future__ import annotations

import pytest

from shared import paths
from shared.contracts.card import load_card
from shared.inference.pixels import input_size
from training.studies import input_policy
from training.studies.input_policy import Row


def test_samples_become_photos_of_any_size_with_their_truth():
    photos = input_policy.samples(0.05)
    assert len(photos) == 10
    for example in photos.examples:
        assert example.image.shape[:2] == example.label.shape
        assert example.label.size == pytest.approx(50_000, rel=0.01)
    assert photos.may_be[255] == 0
    assert photos.may_be[10] == 1 << 10


@pytest.mark.parametrize("short_side", input_policy.SHORT_SIDES)
def test_a_small_photo_is_enlarged_to_the_side_that_is_tried(short_side):
    card = load_card(paths.MODELS_DIR / "swiftnet")
    width, height = input_size(632, 316, input_policy.seeing(card, short_side).input)
    assert height == short_side
    assert width == 2 * short_side


def test_the_table_marks_what_the_card_has():
    rows = [Row(side, dict.fromkeys(input_policy.MEGAPIXELS, 0.5), 0.75, 12.3) for side in (384, 512)]
    lines = input_policy.table(rows, 512, "facades").splitlines()
    assert lines[2] == "| 384 | 0.500 | 0.500 | 0.500 | 0.500 | 0.750 | 12 |"
    assert lines[3].startswith("| **512** |")


def test_the_plot_is_written(tmp_path):
    rows = [Row(side, dict.fromkeys(input_policy.MEGAPIXELS, 0.5), 0.7, side / 10) for side in (384, 512)]
    input_policy.plot({"A": rows, "B": rows}, tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_text().count("384") >= 2
