"""Model cards, and what follows from them."""

from __future__ import annotations

import hashlib
import json
import shutil

import jsonschema
import pytest

from shared import model_files
from shared.contracts.card import SCHEMA, CardError, load_card, load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.engine import NetworkError
from shared.inference.model import load_model
from shared.inference.network import build
from shared.model_files import ModelFileError
from tests.support import shipped
from tests.support.shipped import CARDS
from tests.support.toy_model import make_toy_model

every_model = pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)


@every_model
def test_a_card_is_as_the_schema_says(card):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(card.document, schema)
    assert card.document["classes"] == list(CLASS_NAMES)


@every_model
def test_the_committed_files_are_those_the_card_names(card):
    assert len({hashlib.sha256(file.read()).digest() for file in model_files.all_of(card)}) >= 2


@every_model
def test_the_card_counts_the_networks_parameters(card):
    assert card.document["parameters"] == sum(p.numel() for p in build(card).parameters())


def test_other_files_are_refused(tmp_path):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    with pytest.raises(ModelFileError, match=card.networks_sha256["float32"]):
        load_model(card, b"other bytes")
    with pytest.raises(ModelFileError, match=card.weights_sha256):
        load_model(card, b"other bytes", name="torch")


def test_weights_that_do_not_fit_are_refused_by_name(tmp_path):
    import safetensors.torch
    import torch

    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    weights = safetensors.torch.save({"layers.0.weight": torch.zeros(11, 3, 4, 4), "surplus": torch.zeros(1)})
    document = card.document | {"weights": {"sha256": hashlib.sha256(weights).hexdigest(), "licence": "of nobody"}}
    (card.folder / "card.json").write_text(json.dumps(document))
    with pytest.raises(NetworkError, match="surplus"):
        load_model(load_card(card.folder), weights, name="torch")


@pytest.mark.parametrize("changed", ["card.json", "network.py"])
def test_a_models_version_changes_with_its_card_and_its_network(tmp_path, changed):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    before = card.version
    path = card.folder / changed
    path.write_text(path.read_text() + "\n")
    assert load_card(card.folder).version != before


def test_a_card_must_be_named_like_its_folder(tmp_path):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    shutil.move(card.folder, card.folder.with_name("other"))
    with pytest.raises(ValueError, match="other"):
        load_card(card.folder.with_name("other"))


@pytest.mark.parametrize("weights", [[1.0] * 10, [1.0] * 10 + [0]])
def test_class_weights_are_one_above_0_for_each_class(tmp_path, weights):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    assert card.class_weights == tuple(card.document["class_weights"])
    (card.folder / "card.json").write_text(json.dumps(card.document | {"class_weights": weights}))
    with pytest.raises(CardError, match="class_weights"):
        load_card(card.folder)


@pytest.mark.parametrize("given", [[1.0], [1.0, 0.1, 2.0], ["1", 0], 1.0])
def test_platt_scaling_is_a_slope_and_a_shift(tmp_path, given):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    file = card.folder / "card.json"
    file.write_text(json.dumps(card.document | {"platt_scaling": [0.9, 0.3]}))
    assert load_card(card.folder).platt_scaling == (0.9, 0.3)
    file.write_text(json.dumps(card.document | {"platt_scaling": given}))
    with pytest.raises(CardError, match="platt_scaling"):
        load_card(card.folder)


@pytest.mark.parametrize("name", ["class_weights", "platt_scaling"])
def test_a_card_may_say_nothing_of_calibration(tmp_path, name):
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    rest = {key: value for key, value in card.document.items() if key != name}
    (card.folder / "card.json").write_text(json.dumps(rest))
    assert getattr(load_card(card.folder), name) is None


def test_adding_a_folder_adds_a_model(tmp_path):
    shipped.copy(tmp_path / "models")
    make_toy_model(tmp_path / "models", tmp_path / "assets")
    assert set(load_cards(tmp_path / "models")) == {*CARDS, "toy"}
