"""The whole job, and what runs the network in it."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
import torch
from PIL import Image

from shared import weights
from shared.contracts.labels import CLASSES
from shared.contracts.messages import STAGES
from shared.inference.engine import NetworkError
from shared.inference.model import Model, load_model
from shared.inference.network import build
from shared.inference.segment import coarse_logits, label, segment
from shared.weights import WeightsError
from tests.support.photos import HEIGHT, WIDTH, jpeg
from tests.support.toy_model import make_toy_model


@pytest.fixture
def card(tmp_path):
    return make_toy_model(tmp_path / "models", tmp_path / "weights")


@pytest.fixture
def toy(card, tmp_path):
    return load_model(card, weights.read(card, tmp_path / "weights"))


def test_a_photo_becomes_maps_that_say_what_they_hold_and_how_long_they_took(toy):
    maps = segment(jpeg(), toy)
    labels, confidence = (np.asarray(Image.open(io.BytesIO(png))) for png in (maps.labels_png, maps.confidence_png))
    assert labels.shape == confidence.shape == maps.size[::-1] == (HEIGHT, WIDTH)
    assert maps.shares == tuple(np.bincount(labels.ravel(), minlength=len(CLASSES)) / labels.size)
    assert maps.mean_confidence == pytest.approx(confidence.mean() / 255)
    assert [stage for stage in STAGES if stage in maps.timings_ms] == list(maps.timings_ms)
    assert maps.timings_ms["network"] > 0
    with pytest.raises(FrozenInstanceError):
        maps.size = (1, 1)


def test_a_decoded_photo_is_answered_as_its_bytes_are(toy):
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (80, 120, 3), np.uint8))
    out = io.BytesIO()
    photo.save(out, "PNG")
    maps = segment(out.getvalue(), toy)
    labels, confidence = label(photo, toy)
    assert (np.asarray(Image.open(io.BytesIO(maps.labels_png))) == labels).all()
    assert (np.asarray(Image.open(io.BytesIO(maps.confidence_png))) == confidence).all()


def test_any_engine_runs_a_network(card):
    """No more is asked of one than to run an array."""
    seen = []

    class Fixed:
        def run(self, pixels):
            seen.append(pixels)
            logits = np.zeros((1, len(CLASSES), 2, 3), np.float32)
            logits[:, 7] = 1
            return logits

    maps = segment(jpeg(), Model(card, Fixed()))
    assert maps.shares[7] == 1
    (pixels,) = seen
    assert pixels.dtype == np.float32
    assert pixels.shape[:2] == (1, 3)


@pytest.mark.parametrize("order", ["channels first", "channels last"])
def test_pixels_may_lie_in_any_order(toy, order):
    pixels = np.random.default_rng(0).standard_normal((1, 3, 32, 48)).astype(np.float32)
    laid_out = pixels if order == "channels first" else pixels.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    with torch.inference_mode():
        expected = toy.engine.network.coarse(torch.from_numpy(pixels)).numpy()
    np.testing.assert_allclose(toy.engine.run(laid_out), expected, atol=1e-5)


def test_the_network_sees_what_the_card_says_or_what_it_is_told(toy):
    photo = Image.new("RGB", (192, 96))
    assert coarse_logits(photo, toy).shape == (1, len(CLASSES), 96 // 4, 192 // 4)
    assert coarse_logits(photo, toy, (64, 32)).shape == (1, len(CLASSES), 8, 16)


def test_a_class_that_is_not_there_is_a_sentence_that_names_those_that_are(card):
    with pytest.raises(NetworkError, match=r"'Enet'.*network\.py.*: Toy"):
        build(replace(card, class_name="Enet"))
    with pytest.raises(NetworkError, match="'nn'"):
        build(replace(card, class_name="nn"))


def test_a_network_may_hold_a_dataclass(card):
    """Which asks for the module that it is defined in."""
    network = card.folder / "network.py"
    head = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    network.write_text(head + network.read_text() + "\n@dataclass\nclass Width:\n    channels: int = 1\n")
    assert build(card).coarse(torch.zeros(1, 3, 8, 8)).shape == (1, len(CLASSES), 2, 2)


def test_a_network_that_is_not_there_is_a_sentence(card):
    (card.folder / "network.py").unlink()
    with pytest.raises(NetworkError, match=r"network\.py is missing"):
        build(card)


def test_weights_of_another_shape_are_refused_by_name(card, tmp_path):
    network = card.folder / "network.py"
    network.write_text(network.read_text().replace("4, 4, bias", "2, 2, bias"))
    with pytest.raises(NetworkError, match=r"(?s)toy.*layers\.0\.weight"):
        load_model(card, weights.read(card, tmp_path / "weights"))


@pytest.mark.parametrize(("body", "words"), [(None, "make train MODEL=toy"), (b"others", "names another")])
def test_missing_and_exchanged_weights_are_refused_where_they_are_read(card, tmp_path, body, words):
    file = weights.path(card, tmp_path / "weights")
    file.write_bytes(body) if body else file.unlink()
    with pytest.raises(WeightsError, match=words):
        weights.read(card, tmp_path / "weights")


def test_the_steps_before_and_after_the_network_and_the_choice_of_an_engine_import_no_torch():
    """An image without it has to be possible; `postprocess` is what is left to be written anew for that."""
    modules = ("engine", "model", "preprocess", "decode", "encode")
    code = f"import {', '.join(f'shared.inference.{name}' for name in modules)}, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "torch" not in run.stdout.split()
