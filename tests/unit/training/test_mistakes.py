"""Which mistakes are listed, and how often they are made."""

from __future__ import annotations

import numpy as np
import pytest

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from training.data import datasets
from training.studies.mistakes import answers, mistakes

POLE = CLASS_NAMES.index("pole")


class Always:
    """An engine that answers "pole" for every pixel."""

    def run(self, pixels):
        logits = np.zeros((1, 11, *pixels.shape[2:]), np.float32)
        logits[:, POLE] = 5
        return logits


def found(data, least=0.0):
    loaded = datasets.load(data / "camvid")
    counts = answers(Model(next(iter(load_cards().values())), Always()), loaded)
    stored = np.concatenate([example.label.ravel() for example in loaded.examples])
    assert counts[:, POLE].sum() == counts.sum() == stored.size
    return mistakes(counts, loaded, least), stored


def test_what_a_label_allows_is_no_mistake_and_what_is_not_labelled_does_not_count(data):
    facades = datasets.load(data / "labelmefacade")  # where 0 is nothing, 1 may be a pole, and 2 is a car
    counts = np.zeros((256, len(CLASS_NAMES)), np.int64)
    counts[:3, POLE] = 20, 50, 30
    assert mistakes(counts, facades, least=0.01) == {("car", "pole"): pytest.approx(30 / 80)}


def test_the_most_frequent_come_first_down_to_the_least(data):
    wrong, stored = found(data)
    shares = list(wrong.values())
    assert shares == sorted(shares, reverse=True)
    counts = {name: (stored == i).sum() / (stored < 11).sum() for i, name in enumerate(CLASS_NAMES)}
    assert wrong["road", "pole"] == pytest.approx(counts["road"])
    assert ("pole", "pole") not in wrong
    assert set(found(data, least=0.09)[0].values()) == {value for value in shares if value >= 0.09}
