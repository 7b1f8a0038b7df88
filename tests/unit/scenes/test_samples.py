"""The ten committed samples."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from scenes.gallery import THUMBNAIL_WIDTH, index, refreshed
from scenes.label import Label
from scenes.samples import RECIPES
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.paths import SAMPLES_DIR
from tests.support.alignment import offset

SAMPLES = index()
each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])


def labels(sample: dict) -> np.ndarray:
    return np.asarray(Image.open(SAMPLES_DIR / f"{sample['id']}.labels.png"))


def test_there_are_ten_and_a_recipe_for_each():
    assert sorted(sample["id"] for sample in SAMPLES) == sorted(RECIPES)


def test_together_they_are_under_15_mb():
    assert sum(path.stat().st_size for path in SAMPLES_DIR.iterdir()) < 15e6


def test_the_index_is_true():
    assert refreshed() == SAMPLES


@each
def test_a_sample_is_2048_by_1024_and_at_most_1_2_mb(sample):
    assert (sample["width"], sample["height"]) == (2048, 1024)
    assert sample["bytes"] < 1.2e6


@each
def test_people_can_read_what_a_sample_shows(sample):
    assert 0 < len(sample["title"]) <= 40
    assert 40 < len(sample["description"]) < 220
    assert 40 < len(sample["alt"]) < 220
    assert sample["licence"] == "CC0-1.0"


def test_no_two_samples_say_the_same():
    for field in ("id", "title", "description", "alt", "sha256"):
        assert max(Counter(sample[field] for sample in SAMPLES).values()) == 1


@each
def test_a_thumbnail_is_the_photo_made_small(sample):
    photo, small = (Image.open(SAMPLES_DIR / f"{sample['id']}{end}") for end in (".jpg", ".thumbnail.jpg"))
    assert small.size == (THUMBNAIL_WIDTH, THUMBNAIL_WIDTH // 2)
    made = np.asarray(photo.resize(small.size, Image.Resampling.BOX), np.float32)
    assert np.abs(made - np.asarray(small, np.float32)).mean() < 6


def test_at_most_one_percent_is_unlabelled():
    shares = []
    for sample in SAMPLES:
        ids = labels(sample)
        assert set(np.unique(ids)) <= {*range(len(CLASS_NAMES)), IGNORE}
        shares.append((ids == IGNORE).mean())
    assert max(shares) <= 0.01


@each
def test_poles_and_signs_are_where_the_photo_has_them(sample):
    photo = np.asarray(Image.open(SAMPLES_DIR / f"{sample['id']}.jpg").convert("RGB"))
    assert offset(photo, labels(sample), {Label.POLE, Label.SIGN}) == (0, 0)


def test_together_they_show_every_class_and_differ():
    shown = Counter(name for sample in SAMPLES for name in sample["shows"])
    assert all(shown[name] >= 3 for name in CLASS_NAMES)
    moods = {RECIPES[sample["id"]].parameters().mood for sample in SAMPLES}
    kinds = {RECIPES[sample["id"]].parameters().kind for sample in SAMPLES}
    views = {RECIPES[sample["id"]].parameters().view for sample in SAMPLES}
    assert (len(moods), len(kinds), len(views)) == (4, 6, 2)
