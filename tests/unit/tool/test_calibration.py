"""A calibration of one's own models: fitted on one's own truth, measured on photos it was not fitted on."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.chance import table
from shared.chance.votes import count_votes
from shared.contracts.labels import IGNORE
from tests.unit.tool.conftest import label_png, photo
from tripane import calibration
from tripane.calibration import Sample
from tripane.errors import UsageError
from tripane.photos import Photo
from tripane.truth import mapping
from tripane.truth.label_map import TruthError


def samples(photos: int, pixels: int = 2000, seed: int = 0) -> list[Sample]:
    """Models that are right with a chance that is their confidence to the fourth power: overconfident ones."""
    random, made = np.random.default_rng(seed), []
    for _ in range(photos):
        truth = random.integers(0, 11, pixels)
        sure = random.uniform(0.3, 1, (3, pixels))
        right = random.random((3, pixels)) < sure**4
        labels = np.where(right, truth, (truth + random.integers(1, 11, (3, pixels))) % 11).astype(np.uint8)
        made.append(Sample(labels, (sure * 255).astype(np.uint8), right))
    return made


def test_a_fit_holds_for_photos_it_was_not_fitted_on_where_the_shipped_table_does_not(tmp_path):
    chance = calibration.fit(samples(20, 10_000), ["a", "b", "c"], "mine")
    assert chance.figures["ECE"] < 0.03
    assert chance.covers(["a", "c"])
    calibration.save(chance, tmp_path / "x/chance.json")
    loaded = table.load(tmp_path / "x/chance.json")
    assert loaded.source == "mine"
    fresh = samples(1, 50_000, seed=9)[0]
    votes = count_votes(fresh.labels, fresh.confidence)
    for one, most in ((loaded, 0.02), (table.load(), None)):
        error = abs(float(votes.winner(one.of(votes)).mean()) - float(votes.winner(fresh.right).mean()))
        assert error < most if most else error > 0.05


def test_too_few_photos_or_models_say_so():
    with pytest.raises(UsageError, match="needs 10 photos"):
        calibration.fit(samples(9, 100), ["a", "b", "c"], "")
    with pytest.raises(UsageError, match="needs two models"):
        calibration.fit(samples(10, 100), ["a"], "")


def test_a_photo_is_sampled_where_its_label_map_says_something(tmp_path, models):
    (tmp_path / "t.png").write_bytes(label_png())
    one = calibration.sample(
        Photo(photo(tmp_path / "a.png"), "a.png"), tmp_path / "t.png", mapping.load("tripane"), models
    )
    assert one.labels.shape == one.confidence.shape == one.right.shape == (3, 32 * 24)
    assert 0.6 < one.right[0].mean() < 0.8


def test_a_label_map_that_labels_nothing_adds_nothing(tmp_path, models):
    Image.new("L", (128, 96), IGNORE).save(tmp_path / "t.png")
    with pytest.raises(TruthError, match=r"t\.png labels none of the pixels"):
        calibration.sample(
            Photo(photo(tmp_path / "a.png"), "a.png"), tmp_path / "t.png", mapping.load("tripane"), models
        )
