"""The committed weights answer as they did when they were committed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared import weights
from shared.contracts.card import load_cards
from shared.paths import SAMPLES_DIR
from tests.golden.maps import SHA256, answer, golden
from training.data import datasets
from training.evaluate import evaluate, served

REMEDY = "`python -m tests.golden.maps` writes them down; look at them, and commit them with what changed"


@pytest.mark.parametrize("sample", SHA256)
@pytest.mark.parametrize("card", load_cards().values(), ids=lambda card: card.name)
def test_the_label_map_is_the_golden_one(card, sample):
    if not weights.path(card).exists():
        pytest.skip(f"{card.name} has no weights yet")
    assert golden(card, sample).exists(), f"{card.name} has no golden maps: {REMEDY}"
    with Image.open(golden(card, sample)) as expected:
        assert expected.info["weights"] == card.weights_sha256, f"the golden maps are of other weights: {REMEDY}"
        assert expected.info["sample"] == SHA256[sample], f"the golden maps are of other samples: {REMEDY}"
        assert (answer(card, sample) == np.asarray(expected)).mean() >= 0.999


@pytest.mark.parametrize("name", load_cards())
def test_the_cards_mean_iou_on_the_samples_is_that_of_the_weights(name):
    model = served(name)
    stated = [f["value"] for f in model.card.document["figures"] if (f["metric"], f["data"]) == ("mIoU", "samples")]
    assert [evaluate(model, datasets.load(SAMPLES_DIR)).miou] == pytest.approx(stated, abs=0.002), (
        f"`python -m training.evaluate --model {name} --data assets/samples --card` writes it anew"
    )
