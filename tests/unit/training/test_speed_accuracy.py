"""The speed-accuracy plot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared import model_files, paths
from shared.contracts.card import load_card
from shared.inference.model import Model
from shared.inference.onnx_engine import OnnxEngine
from shared.model_files import ModelFile
from training.learning import networks
from training.studies import speed_accuracy

POINTS = [speed_accuracy.Point("A", "int8", 10, 300_000, 0.7), speed_accuracy.Point("B", "float32", 30, 3_000_000, 0.8)]


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
    speed_accuracy.plot(POINTS, "accuracy", tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()


@pytest.mark.parametrize("name", networks.names())
def test_what_is_timed_is_what_serves_whatever_the_environment_says(name, monkeypatch):
    monkeypatch.setenv("TRIPANE_ENGINE", "torch")
    files = []
    monkeypatch.setattr(ModelFile, "check", lambda self, *_: files.append(self.place))
    model = speed_accuracy.as_served(name, threads=1)
    assert isinstance(model.engine, OnnxEngine)
    assert set(files) == {model_files.network_place(name, model.card.precision)}


def test_the_table_of_the_studies_is_written_anew_and_is_the_only_one():
    studies = (paths.DOCS_DIR / "studies.md").read_text(encoding="utf-8")
    written = speed_accuracy.with_table(studies, POINTS, "pixel accuracy, moon")
    assert "| A | int8 | 10 | 0.30 | 0.700 |\n| B | float32 | 30 | 3.00 | 0.800 |\n\n" in written
    assert len(written.splitlines()) == len(studies.splitlines()) - 1
    assert speed_accuracy.with_table(written, POINTS, "pixel accuracy, moon") == written
    with pytest.raises(ValueError, match="0 tables"):
        speed_accuracy.with_table("no table", POINTS, "x")
