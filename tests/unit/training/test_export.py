"""What is made of a run's weights."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
import torch

from shared import paths
from shared.contracts.card import load_card
from training.export import export, half_precision, mixed, multiply_accumulates
from training.learning import networks
from training.scoring import cards


def test_a_share_of_the_served_weights_is_kept():
    run = {"weight": torch.tensor([1.0, 2.0]), "counter": torch.tensor(7)}
    served = half_precision({"weight": torch.tensor([3.0, 2.0]), "counter": torch.tensor(5)})
    found = mixed(run, served, 0.25)
    torch.testing.assert_close(found["weight"], torch.tensor([1.5, 2.0]))
    assert found["counter"] == 7


def test_what_is_served_is_half_precision_without_counters():
    state = half_precision({"a.weight": torch.ones(2), "a.num_batches_tracked": torch.tensor(3)})
    assert list(state) == ["a.weight"]
    assert state["a.weight"].dtype == torch.float16


def test_the_card_forgets_what_the_weights_before_scored_and_keeps_what_the_recipe_gives(tmp_path, monkeypatch):
    folder = tmp_path / "functions" / "models" / "fast_scnn"
    folder.mkdir(parents=True)
    for file in ("card.json", "network.py"):
        shutil.copy(paths.MODELS_DIR / "fast_scnn" / file, folder)
    network = networks.build("fast_scnn")
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "functions" / "models")
    monkeypatch.setattr(paths, "ASSETS_DIR", tmp_path)
    of_weights, of_recipe = (
        {"metric": "mIoU", "value": 0.5, "data": "camvid", "split": split, "command": "c", "commit": "0000000"}
        for split in ("all", "drive 0006R0" + cards.OF_A_RUN)
    )
    changes = {"figures": [of_weights, of_recipe], "temperature": 0.7, "platt_scaling": [0.9, 0.1]}
    cards.update("fast_scnn", changes | {"camvid_test_miou": 0.5})
    sha256 = export("fast_scnn", network.state_dict())
    card = json.loads((folder / "card.json").read_text())
    assert card["figures"] == [of_recipe]
    assert card["temperature"] == 1.0
    assert card["camvid_test_miou"] is None
    assert "platt_scaling" not in card
    weights = (tmp_path / "weights" / "fast_scnn.safetensors").read_bytes()
    assert card["weights"]["sha256"] == sha256 == hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize("model", networks.names())
def test_the_card_counts_the_networks_multiply_accumulates(model):
    card = load_card(paths.MODELS_DIR / model).document
    counted = multiply_accumulates(networks.build(model), *card["gmacs_at"])
    assert round(counted / 1e9, 2) == card["gmacs"]


def test_multiply_accumulates_by_hand():
    """A 4 x 4 convolution with stride 4 on 8 x 12 px: 3 x 16 weights for each of 11 channels at 6 places."""
    convolution = torch.nn.Conv2d(3, 11, 4, 4)
    convolution.coarse = convolution.forward
    assert multiply_accumulates(convolution, 12, 8) == 6 * 11 * 3 * 16
