"""What training writes into cards."""

from __future__ import annotations

import json

import jsonschema
import pytest

from shared import paths
from shared.contracts.card import SCHEMA
from tests.support.toy_model import make_toy_model
from training.scoring import cards


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The folder of a model in a repository of its own."""
    card = make_toy_model(tmp_path / "functions" / "models", tmp_path / "assets")
    monkeypatch.setattr(cards, "figure", lambda *values: dict(zip(FIELDS, (*values, "0000000"), strict=True)))
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "functions" / "models")
    cards.update("toy", {"figures": []})
    return card.folder


FIELDS = ("metric", "value", "data", "split", "command", "commit")


def document(folder):
    card = json.loads((folder / "card.json").read_text())
    jsonschema.validate(card, json.loads(SCHEMA.read_text()))
    return card


def test_a_figure_takes_the_place_of_the_one_measured_before(toy):
    cards.add_figures("toy", [cards.figure("pixel accuracy", 0.5, "a", "all", "c")])
    cards.add_figures("toy", [cards.figure("pixel accuracy", 0.7, "b", "all", "c")])
    cards.add_figures("toy", [cards.figure("pixel accuracy", 0.6, "a", "all", "c")])
    assert [(f["data"], f["value"]) for f in document(toy)["figures"]] == [("a", 0.6), ("b", 0.7)]


def test_an_update_leaves_the_rest_of_a_card_alone(toy):
    before = document(toy)
    cards.update("toy", {"temperature": 1.7})
    assert document(toy) == before | {"temperature": 1.7}


def test_a_figure_names_the_state_of_the_code_that_measured_it():
    figure = cards.figure("pixel accuracy", 0.123456, "set", "all", "command")
    assert figure["value"] == 0.12346
    assert len(figure["commit"]) >= 7
