"""Confidence that means probability where nothing was fitted."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
import torch

from tests.unit.training.test_calibrate import answers
from training.scoring.reliability import expected_calibration_error, interval
from training.studies import calibration
from training.studies.calibration import Measured, crossed, fit_halves, plot


def test_the_error_by_hand():
    confidence = torch.tensor([0.95, 0.95, 0.55, 0.55])
    right = torch.tensor([True, True, True, False])
    assert expected_calibration_error(confidence, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)


def test_the_interval_holds_the_error_and_is_wide_where_photos_are_few():
    honest = answers(0.6)
    confidence, right = honest.served / 255, honest.right
    error = expected_calibration_error(confidence, right)
    low, high = interval(confidence, right, honest.photo)
    assert low < error < high
    # Every photo ten times: the same error, by as many pixels, of which it is not known that they are copies.
    wide = interval(confidence, right, honest.photo % 2)
    assert wide[1] - wide[0] > 0
    assert high - low < 0.05


def test_a_photo_drawn_twice_counts_twice():
    """Half of the draws of two photos, of which one is all wrong, have both, and a quarter either alone."""
    confidence = torch.full((200,), 0.999)
    right, photo = torch.arange(200) < 100, (torch.arange(200) >= 100).long()
    low, high = interval(confidence, right, photo)
    assert (low, high) == pytest.approx((0.001, 0.999), abs=0.01)


def test_photos_that_are_too_sure_make_up_for_those_that_are_not_sure_enough():
    confidence, photo = torch.full((2000,), 0.5), torch.arange(2000) % 20
    low, high = interval(confidence, photo < 10, photo)
    assert low < 0.05
    assert 0.1 < high < 0.4


def test_each_half_is_measured_with_the_other_ones_pair():
    first, second = torch.arange(10), torch.arange(10, 20)
    one, other = answers(1.0, 1.0), answers(1.0, -1.0)
    both = replace(one, right=torch.where(one.photo < 10, one.right, other.right))
    pairs = fit_halves([{"set": both}], {"set": (first, second)})
    assert [shift for _, shift in pairs] == pytest.approx([1, -1], abs=0.1)
    fair = crossed(both, pairs, (first, second))
    unfair = crossed(both, pairs, (second, first))
    assert unfair < 0.03 < fair


def test_a_fit_is_for_all_models_together():
    half = torch.arange(10), torch.arange(10, 20)
    models = [{"set": answers(1.0, 1.0)}, {"set": answers(1.0, -1.0)}]
    for _, shift in fit_halves(models, {"set": half}):
        assert shift == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("titles", [["A"], ["A", "B"]])
def test_the_reliability_diagrams_are_drawn_of_however_many_models(tmp_path, titles):
    honest = answers()
    found = Measured(honest.plain / 255, honest.served / 255, honest.right, honest.photo, 0.0)
    measured = dict.fromkeys(["one", "other"], found)
    plot(dict.fromkeys(titles, measured), tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()


def test_the_command_measures_every_set_as_it_is_and_corrupted(data, tmp_path, monkeypatch, capsys):
    options = ["--models", "fast_scnn", "--data", str(data / "labelmefacade"), "--split", "all"]
    options += ["--also", str(data / "camvid"), "--plot", str(tmp_path / "plot.svg")]
    monkeypatch.setattr(sys, "argv", ["calibration", *options])
    calibration.main()
    said = capsys.readouterr().out
    assert [line.split("0.")[0].strip() for line in said.splitlines()[1:]] == [
        "Fast-SCNN",
        *("labelmefacade", "labelmefacade, corrupted", "samples", "samples, corrupted"),
        *("camvid", "camvid, corrupted"),
    ]
    assert (tmp_path / "plot.svg").exists()
