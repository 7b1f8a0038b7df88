"""Confidence that means probability."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from shared import paths
from shared.contracts.labels import CLASS_NAMES
from shared.inference.confidence import confidence, probability
from shared.inference.model import Model
from tests.support.toy_model import make_toy_model
from training import calibrate
from training.calibrate import STEP, Answered, fit, plot, sample
from training.data.batches import pixels_by_class, read_sets
from training.data.datasets import Example, StreetSet
from training.scoring.reliability import expected_calibration_error


def answers(slope: float = 1.0, shift: float = 0.0, count: int = 20_000) -> Answered:
    """Answers that are right as often as their confidence says once its log odds have had this slope and shift."""
    torch.manual_seed(0)
    sure = 0.3 + 0.69 * torch.rand(count)
    right = torch.rand(count) < (slope * sure.logit() + shift).sigmoid()
    return Answered(255 * sure, 255 * sure, sure.double().logit(), right, torch.arange(count) % 20)


@pytest.mark.parametrize("pair", [(1.0, 0.0), (0.7, 0.5), (1.6, -0.4)])
def test_a_fit_finds_the_slope_and_the_shift(pair):
    assert fit([answers(*pair)]) == pytest.approx(pair, abs=0.1)


def test_every_part_counts_the_same_however_many_pixels_it_has():
    few, many = answers(1.0, 1.0, 20_000), answers(1.0, -1.0, 200_000)
    assert fit([few, many])[1] == pytest.approx(0, abs=0.1)


def test_who_is_always_right_fits_nothing():
    certain = answers()
    with pytest.raises(ValueError, match="right and wrong"):
        fit([replace(certain, right=torch.ones(len(certain.right), dtype=torch.bool))])


def test_what_is_sampled_is_the_map_that_is_served_enlarged(tmp_path):
    """The right half of the photo is labelled as what the network answers, a stripe of it as something else."""
    logits = np.zeros((1, len(CLASS_NAMES), 4, 8), np.float32)
    logits[:, 3], logits[:, 3, :, 4:] = 2.0, 4.0

    class Fixed:
        def run(self, pixels):
            return logits

    label = np.full((64, 128), 255, np.uint8)
    label[:, 64:], label[:16, 64:] = 3, 4
    may_be = np.zeros(256, np.int16)
    may_be[[3, 4]] = 1 << 3, 1 << 4
    photo = Example("photo", np.zeros((64, 128, 3), np.uint8), label)
    weights = tuple(2.0 if label == 3 else 1.0 for label in range(len(CLASS_NAMES)))
    toy = make_toy_model(tmp_path / "models", tmp_path / "assets")
    card = replace(toy, class_weights=weights, platt_scaling=(0.8, 0.4))
    found = sample(Model(card, Fixed()), StreetSet("set", [photo], may_be, may_be))
    assert len(found.right) == 64 * 64 // STEP**2
    assert found.right.float().mean() == 0.75
    for sure, expected in (
        (found.plain, confidence(logits[0], 1.0)),
        (found.served, confidence(logits[0], 1.0, weights, (0.8, 0.4))),
    ):
        least, most = expected[0, [0, -1]]
        assert (sure.max(), len(sure)) == (most, len(found.right))
        assert least < sure.min() < most, "between both halves, bilinearly"
    odds = torch.from_numpy(probability(logits[0], 1.0, weights)).logit()
    assert found.log_odds.max() == pytest.approx(float(odds.max()), abs=1e-5), "before Platt scaling"
    assert found.served / 255 == pytest.approx((0.8 * found.log_odds + 0.4).sigmoid(), abs=0.02)


def test_calibration_lowers_the_error():
    too_sure = answers(0.5)
    slope, shift = fit([too_sure])
    after = expected_calibration_error((slope * too_sure.log_odds + shift).sigmoid(), too_sure.right)
    assert after < 0.02 < expected_calibration_error(too_sure.plain / 255, too_sure.right)


@pytest.mark.parametrize("titles", [["A"], ["A", "B"]])
def test_the_reliability_diagrams_are_drawn_of_however_many_models(tmp_path, titles):
    plot(dict.fromkeys(titles, answers(1.2)), tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()


@pytest.mark.parametrize("fits", [False, True])
def test_the_command_writes_the_class_weights_of_the_recipe_and_platt_scaling_if_asked(
    data, tmp_path, monkeypatch, fits
):
    models, card = tmp_path / "functions" / "models", "functions/models/fast_scnn/card.json"
    shutil.copytree(paths.MODELS_DIR / "fast_scnn", models / "fast_scnn")
    before = json.loads((tmp_path / card).read_text()).get("platt_scaling")
    monkeypatch.setattr(paths, "MODELS_DIR", models)
    monkeypatch.setenv("TRIPANE_DATA", str(data))
    calibrate._pixels.cache_clear()
    options = ["--data", str(data / "labelmefacade"), "--split", "all"]
    monkeypatch.setattr(sys, "argv", ["calibrate", *options, *["--fit"] * fits])
    calibrate.main()
    calibrate._pixels.cache_clear()
    document = json.loads((tmp_path / card).read_text())
    assert (document.get("platt_scaling") != before) == fits
    weights = np.array(document["class_weights"])
    sets, repeats = read_sets(data, camvid_repeats=4)
    share = pixels_by_class(sets, repeats).numpy() / pixels_by_class(sets, repeats).sum().item()
    assert repeats == [4, 1]
    np.testing.assert_allclose(weights / weights[1], (share / share[1]) ** -0.3, atol=0.002)


def test_a_fit_is_of_all_models(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["calibrate", "--fit", "--models", "enet"])
    monkeypatch.setattr(calibrate, "calibrate", lambda *_: pytest.fail("it goes into a card"))
    with pytest.raises(SystemExit):
        calibrate.main()
    assert "--fit is of all models" in capsys.readouterr().err
