"""Confidence that means probability."""

from __future__ import annotations

import pytest
import torch

from training.calibrate import Answered, expected_calibration_error, fit, plot


def answers_as_sure_as_right(count: int = 10_000) -> Answered:
    """Logits whose softmax is, by construction, how often their winner is right."""
    torch.manual_seed(0)
    logits = 2 * torch.randn(count, 11)
    truth = torch.distributions.Categorical(logits=logits).sample()
    return Answered(logits, logits.argmax(1) == truth)


@pytest.mark.parametrize("too_sure", [0.5, 1.0, 2.5])
def test_the_temperature_undoes_how_much_too_sure_a_network_is(too_sure):
    honest = answers_as_sure_as_right()
    fitted = fit(Answered(honest.logits * too_sure, honest.right))
    assert fitted == pytest.approx(too_sure, rel=0.1)


def test_calibration_lowers_the_error_and_changes_no_answer():
    honest = answers_as_sure_as_right()
    too_sure = Answered(honest.logits * 3, honest.right)
    before = expected_calibration_error(too_sure.confidence(1.0), too_sure.right)
    after = expected_calibration_error(too_sure.confidence(fit(too_sure)), too_sure.right)
    assert after < 0.03 < before


def test_the_error_by_hand():
    confidence = torch.tensor([0.95, 0.95, 0.55, 0.55])
    right = torch.tensor([True, True, True, False])
    assert expected_calibration_error(confidence, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)


@pytest.mark.parametrize("titles", [["A"], ["A", "B"]])
def test_the_reliability_diagrams_are_drawn_of_however_many_models(tmp_path, titles):
    plot(dict.fromkeys(titles, (answers_as_sure_as_right(), 1.2)), tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()
