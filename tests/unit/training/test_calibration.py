"""Confidence that means probability where no temperature was fitted."""

from __future__ import annotations

import sys

import pytest
import torch

from training.calibrate import TEMPERATURES, Answered, fit
from training.scoring.reliability import expected_calibration_error, interval
from training.studies import calibration
from training.studies.calibration import Measured, crossed, joined, plot

TOO_HOT = TEMPERATURES[11]


def answers(too_sure: float | torch.Tensor = 1.0, count: int = 10_000) -> Answered:
    """Confidence that is, by construction, how often answers are right, times `too_sure` in the logits of each."""
    torch.manual_seed(0)
    logits = 2 * torch.randn(count, 11)
    truth = torch.distributions.Categorical(logits=logits).sample()
    served = {t: 255 * (logits * too_sure / t).softmax(1).amax(1) for t in TEMPERATURES}
    return Answered(served, served[1.0], logits.argmax(1) == truth, torch.arange(count) % 20)


def test_the_error_by_hand():
    confidence = torch.tensor([0.95, 0.95, 0.55, 0.55])
    right = torch.tensor([True, True, True, False])
    assert expected_calibration_error(confidence, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)


def test_the_interval_holds_the_error_and_is_wide_where_photos_are_few():
    honest = answers()
    confidence, right = honest.confidence(TOO_HOT), honest.right
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


def test_each_half_is_measured_with_the_other_ones_temperature():
    honest = answers()
    first, second = torch.arange(10), torch.arange(10, 20)
    both = answers(torch.where(honest.photo < 10, 1.0, 2.0)[:, None])
    fitted = fit(both.of(first)), fit(both.of(second))
    assert fitted == pytest.approx((1, 2), rel=0.1)
    fair = crossed(both, [(second, fitted[0]), (first, fitted[1])])
    unfair = crossed(both, [(first, fitted[0]), (second, fitted[1])])
    assert unfair < 0.03 < fair


def test_photos_of_several_sets_keep_their_numbers():
    honest = answers(count=100)
    twice = joined([honest, honest])
    assert len(twice.of(torch.tensor([3])).right) == 2 * len(honest.of(torch.tensor([3])).right) == 10


@pytest.mark.parametrize("titles", [["A"], ["A", "B"]])
def test_the_reliability_diagrams_are_drawn_of_however_many_models(tmp_path, titles):
    honest = answers()
    found = Measured(honest.before, honest.confidence(TOO_HOT), honest.right, honest.photo, 0.0)
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
        *("labelmefacade", "labelmefacade, corrupted", "camvid", "camvid, corrupted")
    ]
    assert (tmp_path / "plot.svg").exists()
