"""The speed-accuracy plot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared import paths
from shared.contracts.card import load_card
from shared.inference.model import Model
from training.studies import speed_accuracy


def test_every_model_is_timed_on_its_serving_size():
    card = load_card(paths.MODELS_DIR / "enet")
    seen = []

    class Sleeper:
        def run(self, pixels):
            seen.append(pixels.shape)
            return pixels

    times = speed_accuracy.measure({"enet": Model(card, Sleeper())}, rounds=3)
    assert set(times) == {"enet"}
    assert times["enet"] > 0
    assert set(seen) == {(1, 3, 512, 1024)}
    assert len(seen) == 5


def test_a_figure_that_was_not_measured_is_asked_for():
    card = load_card(paths.MODELS_DIR / "enet")
    entry = {"metric": "pixel accuracy", "data": "moon", "value": 0.5}
    measured = replace(card, document=card.document | {"figures": [entry]})
    assert speed_accuracy.accuracy(measured, "pixel accuracy", "moon") == 0.5
    with pytest.raises(LookupError, match="evaluate --card"):
        speed_accuracy.accuracy(measured, "pixel accuracy", "mars")


def test_the_plot_is_drawn(tmp_path):
    points = [speed_accuracy.Point("A", 10, 300_000, 0.7), speed_accuracy.Point("B", 30, 3_000_000, 0.8)]
    speed_accuracy.plot(points, "accuracy", tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()
