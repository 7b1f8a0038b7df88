"""Confidence that means probability."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from shared.contracts.labels import CLASS_NAMES
from shared.inference.confidence import confidence
from shared.inference.model import Model
from tests.support.toy_model import make_toy_model
from training.calibrate import STEP, TEMPERATURES, Answered, fit, plot, sample
from training.data.datasets import Example, StreetSet
from training.scoring.reliability import expected_calibration_error


def answers(too_sure: float, count: int = 10_000) -> Answered:
    """Answers of logits whose softmax is, by construction, how often their winner is right, times `too_sure`."""
    torch.manual_seed(0)
    logits = 2 * torch.randn(count, 11)
    truth = torch.distributions.Categorical(logits=logits).sample()
    served = {t: 255 * (logits * too_sure / t).softmax(1).amax(1) for t in TEMPERATURES}
    return Answered(served, logits.argmax(1) == truth, torch.arange(count) % 20)


@pytest.mark.parametrize("too_sure", [0.5, 1.0, 2.2])
def test_the_temperature_undoes_how_much_too_sure_a_network_is(too_sure):
    assert fit(answers(too_sure)) == pytest.approx(too_sure, rel=0.1)


def test_what_is_sampled_is_the_map_that_is_served_enlarged(tmp_path):
    """The right half of the photo is labelled as what the network answers, a stripe of it as something else."""
    logits = np.zeros((1, len(CLASS_NAMES), 4, 8), np.float32)
    logits[:, 3], logits[:, 3, :, 4:] = 2.0, 4.0

    class Fixed:
        def run(self, pixels):
            return logits

    label = np.full((64, 128), 255, np.uint8)
    label[:, 64:], label[:16, 64:] = 3, 4
    may_be = np.zeros(256, np.int16)
    may_be[[3, 4]] = 1 << 3, 1 << 4
    photo = Example("photo", np.zeros((64, 128, 3), np.uint8), label)
    model = Model(make_toy_model(tmp_path / "models", tmp_path / "assets"), Fixed())
    found = sample(model, StreetSet("set", [photo], may_be, may_be))
    assert len(found.right) == 64 * 64 // STEP**2
    assert found.right.float().mean() == 0.75
    least, most = confidence(logits[0], TEMPERATURES[0])[0, [0, -1]]
    sure = found.served[TEMPERATURES[0]]
    assert (sure.max(), len(sure)) == (most, len(found.right))
    assert least < sure.min() < most, "between both halves, bilinearly"


def test_calibration_lowers_the_error_and_changes_no_answer():
    too_sure = answers(2.2)
    before = expected_calibration_error(too_sure.confidence(1.0), too_sure.right)
    after = expected_calibration_error(too_sure.confidence(fit(too_sure)), too_sure.right)
    assert after < 0.03 < before


@pytest.mark.parametrize("titles", [["A"], ["A", "B"]])
def test_the_reliability_diagrams_are_drawn_of_however_many_models(tmp_path, titles):
    plot(dict.fromkeys(titles, (answers(1.2), 1.0)), tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()
