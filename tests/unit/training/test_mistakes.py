"""Which mistakes are listed, and how often they are made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from training.data import datasets
from training.studies.mistakes import mistakes

POLE = CLASS_NAMES.index("pole")


class Always:
    """An engine that answers "pole" for every pixel."""

    def run(self, pixels):
        logits = np.zeros((1, 11, *pixels.shape[2:]), np.float32)
        logits[:, POLE] = 5
        return logits


def found(data, least=1e-9):
    return mistakes(Model(next(iter(load_cards().values())), Always()), data, least)


def test_what_a_label_allows_is_no_mistake_and_what_is_not_labelled_does_not_count(data):
    facades = datasets.load(data / "labelmefacade")  # where 0 is nothing, 1 may be a pole, and 2 is a car
    label = np.repeat(np.array([[0, 1, 2, 2]], np.uint8), 4, axis=0)
    image = np.zeros((4, 4, 3), np.uint8)
    facades = replace(facades, examples=[replace(facades.examples[0], image=image, label=label)])
    assert found(facades) == {("car", "pole"): pytest.approx(2 / 3)}


def test_labels_that_mean_the_same_are_counted_together(data):
    camvid = datasets.load(data / "camvid")
    may_be = camvid.may_be.copy()
    may_be[CLASS_NAMES.index("road")] = may_be[CLASS_NAMES.index("car")]
    as_one = found(replace(camvid, may_be=may_be))
    apart = found(camvid)
    assert as_one["car", "pole"] == pytest.approx(apart["car", "pole"] + apart["road", "pole"])


def test_the_most_frequent_come_first_down_to_the_least(data):
    camvid = datasets.load(data / "camvid")
    wrong = found(camvid)
    shares = list(wrong.values())
    assert shares == sorted(shares, reverse=True)
    stored = np.concatenate([example.label.ravel() for example in camvid.examples])
    assert wrong["road", "pole"] == pytest.approx(np.mean(stored[stored < 11] == CLASS_NAMES.index("road")))
    assert ("pole", "pole") not in wrong
    assert list(found(camvid, least=0.09).values()) == [value for value in shares if value >= 0.09]
