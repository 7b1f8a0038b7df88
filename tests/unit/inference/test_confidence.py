"""How sure a network is, as fine as its logits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from shared.inference.confidence import LONG_SIDE, confidence


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.6])
def test_confidence_is_the_winners_calibrated_probability(temperature):
    logits = 4 * np.random.default_rng(0).standard_normal((11, 20, 30), np.float32)
    probability = torch.softmax(torch.from_numpy(logits) / temperature, 0).amax(0)
    assert np.abs(confidence(logits, temperature) - 255 * probability.numpy()).max() <= 0.51


def test_class_weights_of_training_are_undone():
    """A network that learnt the second class with weight 4 puts it at 0.8 where it is as likely as not."""
    logits = np.log(np.array([0.2, 0.8], np.float32)).reshape(2, 1, 1)
    assert confidence(logits, 1.0, (1.0, 4.0))[0, 0] == round(255 * 0.5)
    weights, temperature = (0.8, 1.0, 2.7, 1.4, 0.9), 0.7
    fine = 2 * np.random.default_rng(3).standard_normal((5, 20, 30), np.float32)
    undone = torch.from_numpy(fine) - torch.tensor(weights).log()[:, None, None]
    winners = torch.from_numpy(fine).argmax(0, keepdim=True)
    expected = (undone / temperature).softmax(0).gather(0, winners)[0].numpy()
    assert (winners != undone.argmax(0, keepdim=True)).any(), "the winner stays that of the logits"
    assert np.abs(confidence(fine, temperature, weights) - 255 * expected).max() <= 0.51


@pytest.mark.parametrize("platt_scaling", [(1.0, 0.0), (0.8, 0.4), (1.3, -0.5)])
def test_platt_scaling_gives_log_odds_a_slope_and_a_shift(platt_scaling):
    logits = 4 * np.random.default_rng(4).standard_normal((11, 20, 30), np.float32)
    before = torch.softmax(torch.from_numpy(logits).double(), 0).amax(0).logit()
    expected = torch.sigmoid(platt_scaling[0] * before + platt_scaling[1]).numpy()
    assert np.abs(confidence(logits, 1.0, None, platt_scaling) - 255 * expected).max() <= 0.51


def test_who_is_certain_stays_certain():
    assert confidence(np.array([[[200.0]], [[-200.0]]], np.float32), 1.0, None, (0.8, -2.0))[0, 0] == 255


def test_of_equal_logits_the_likelier_class_counts():
    assert confidence(np.zeros((3, 1, 1), np.float32), 1.0, (2.0, 1.0, 2.0))[0, 0] == round(255 * 0.5)


def test_the_map_of_fine_logits_is_that_of_their_means():
    logits = np.random.default_rng(1).standard_normal((5, 6, 2 * LONG_SIDE), np.float32)
    found = confidence(logits, 1.0)
    assert found.shape == (3, LONG_SIDE)
    means = logits.reshape(5, 3, 2, LONG_SIDE, 2).mean((2, 4))
    assert np.abs(found.astype(int) - confidence(means, 1.0)).max() <= 1


def test_the_last_of_an_odd_number_of_columns_is_kept_as_it_is():
    logits = np.random.default_rng(2).standard_normal((5, 4, LONG_SIDE + 1), np.float32)
    last = logits[:, :, -1:].reshape(5, 2, 2, 1).mean(2)
    assert np.abs(confidence(logits, 1.0)[:, -1:].astype(int) - confidence(last, 1.0)).max() <= 1


def test_huge_logits_overflow_nothing():
    logits = np.array([[[1e4]], [[-1e4]]], np.float32)
    assert confidence(logits, 0.5)[0, 0] == 255
