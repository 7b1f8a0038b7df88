"""Whether winners should make up for class weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shared.contracts.card import load_cards
from shared.inference.model import Model
from training.data import datasets
from training.studies import class_weights


class Undecided:
    """An engine to which all classes are alike."""

    def run(self, pixels):
        return np.zeros((1, 11, *pixels.shape[2:]), np.float32)


def test_what_counted_less_in_training_wins_by_so_much_where_the_network_is_undecided():
    weights = [1.0] * 10 + [0.25]
    logits = class_weights.adjusted(np.zeros((11, 4, 4), np.float32), weights, 0.5)
    assert np.allclose(np.exp(logits[:, 0, 0]), [1] * 10 + [2])


def test_each_share_is_scored_by_what_wins_then(data):
    card = next(iter(load_cards().values()))
    camvid = datasets.some(datasets.load(data / "camvid"), [0])
    road = np.bincount(camvid.examples[0].label.ravel(), minlength=11).argmax()
    weights = [2.0] * 11
    weights[road] = 0.5
    model = Model(replace(card, class_weights=tuple(weights)), Undecided())
    scores = class_weights.score(model, camvid)
    assert scores[0] < scores[1] == scores[0.25]
    assert f"| CamVid | 1.00 | {scores[1]:.3f} |" in class_weights.table({"CamVid": {"photos": scores}})
