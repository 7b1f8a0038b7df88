"""The committed weights answer as they did when they were committed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from shared.inference.model import read_model
from shared.paths import SAMPLES_DIR
from tests.golden.maps import SHA256, answer, golden
from tests.support.shipped import CARDS, MODELS
from training.data import datasets
from training.evaluate import evaluate, served
from tripane.own import adding

REMEDY = "`python -m tests.golden.maps` writes them down; look at them, and commit them with what changed"


SAME = {"float32": 0.999, "int8": 0.97}
"""Share of pixels that an ONNX file answers as PyTorch does, by its precision."""
ENGINES = [
    (card, engine, precision)
    for card in CARDS.values()
    for engine, precision in (("torch", "float32"), *(("onnx", precision) for precision in card.networks_sha256))
]


@pytest.mark.parametrize("sample", SHA256)
@pytest.mark.parametrize(("card", "engine", "precision"), ENGINES, ids=lambda value: getattr(value, "name", value))
def test_every_engine_gives_the_golden_label_map(card, engine, precision, sample):
    assert golden(card, sample).exists(), f"{card.name} has no golden maps: {REMEDY}"
    with Image.open(golden(card, sample)) as expected:
        assert expected.info["weights"] == card.weights_sha256, f"the golden maps are of other weights: {REMEDY}"
        assert expected.info["sample"] == SHA256[sample], f"the golden maps are of other samples: {REMEDY}"
        same = answer(replace(card, precision=precision), sample, engine) == np.asarray(expected)
    assert same.mean() >= SAME[precision]


@pytest.mark.parametrize("name", MODELS)
def test_the_cards_mean_iou_on_the_samples_is_that_of_the_weights(name):
    model = served(name)
    stated = [f["value"] for f in model.card.document["figures"] if (f["metric"], f["data"]) == ("mIoU", "samples")]
    assert [evaluate(model, datasets.load(SAMPLES_DIR)).miou] == pytest.approx(stated, abs=0.002), (
        f"`python -m training.evaluate --model {name} --data assets/samples --card` writes it anew"
    )


@pytest.mark.parametrize("name", [name for name, card in CARDS.items() if card.precision == "int8"])
def test_int8_costs_under_half_a_point_of_mean_iou_on_the_samples(name):
    samples, model = datasets.load(SAMPLES_DIR), served(name)
    float32 = read_model(replace(model.card, precision="float32"))
    assert evaluate(float32, samples).miou - evaluate(model, samples).miou < 0.005


def test_what_the_models_reach_is_what_tripane_add_says_of_them():
    right = [adding.on_the_sample(read_model(card)).right for card in CARDS.values()]
    assert (round(min(right), 2), round(max(right), 2)) == adding.OURS_RIGHT
