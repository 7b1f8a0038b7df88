"""Whether a photo looks like a street, from coarse logits alone."""

from __future__ import annotations

import numpy as np
import pytest

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.street import REFUSED_BELOW, Street, fitted, looks_like_street, statistics

CLASSES = len(CLASS_NAMES)
COUNT = 6 + 5 * CLASSES


def logits(height: int = 32, width: int = 64) -> np.ndarray:
    """Sky above a road, both sure."""
    made = np.random.default_rng(0).normal(0, 1, (CLASSES, height, width)).astype(np.float32)
    made[0, : height // 2] += 12
    made[3, height // 2 :] += 12
    return made


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 2), (16, 32), (64, 128), (256, 512)])
def test_statistics_are_as_many_and_finite_whatever_the_size(size):
    found = statistics(logits(*size))
    assert found.shape == (COUNT,)
    assert np.isfinite(found).all()


def test_extreme_logits_give_finite_numbers():
    assert np.isfinite(statistics(logits() * 1e4)).all()
    assert np.isfinite(statistics(np.zeros((CLASSES, 8, 8), np.float32))).all()


def test_statistics_say_what_they_are_said_to():
    found = statistics(logits())
    energy, entropy, lead, deviation, rims, evenness = found[:6]
    assert energy == pytest.approx(12, abs=0.7)
    assert entropy < 0.01
    assert lead == pytest.approx(10, abs=1)
    assert deviation > 3
    assert rims == pytest.approx(0.5 / 31, rel=0.1)
    assert evenness == pytest.approx(np.log(2), abs=0.01)
    top, _, bottom = found[6 : 6 + 3 * CLASSES].reshape(3, CLASSES)
    assert (top.argmax(), bottom.argmax()) == (0, 3)
    assert max(top[3], bottom[0]) < 0.01, "each band is of its own rows alone"
    assert top.sum() == pytest.approx(1)


def test_finer_logits_of_the_same_photo_say_the_same():
    fine = logits().repeat(8, axis=1).repeat(8, axis=2)
    np.testing.assert_allclose(np.delete(statistics(fine), 4), np.delete(statistics(logits()), 4), rtol=0.05, atol=0.02)


def test_all_networks_are_asked_and_the_limit_is_half():
    assert looks_like_street([0.0]) == REFUSED_BELOW
    assert looks_like_street([3.0, -1.0]) == looks_like_street([1.0]) > REFUSED_BELOW
    assert looks_like_street([-1e9, 1.0]) == pytest.approx(0)
    assert looks_like_street([1e9]) == 1
    with pytest.raises(ValueError, match="no network"):
        looks_like_street([])


def test_log_odds_are_the_weighted_sum():
    street = Street(np.arange(COUNT) / COUNT, -2.0, "")
    assert street.log_odds(logits()) == pytest.approx(statistics(logits()) @ np.arange(COUNT) / COUNT - 2)


@pytest.mark.parametrize("name", sorted(fitted()))
def test_what_is_fitted_is_fitted_to_the_weights_that_are_served(name):
    assert fitted()[name].weights_sha256 == load_cards()[name].weights_sha256
    assert fitted()[name].weights.shape == (COUNT,)
