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

from shared import model_files
from shared.contracts.card import Graph, load_cards
from shared.contracts.labels import CLASSES
from shared.contracts.messages import STAGES
from shared.inference.engine import NetworkError
from shared.inference.model import ENGINES, Model, engine_name, read_model, served_file
from shared.inference.network import build
from shared.inference.onnx_engine import OnnxEngine
from shared.inference.segment import coarse_logits, label, segment
from shared.inference.torch_engine import TorchEngine
from shared.model_files import ModelFileError
from shared.paths import ASSETS_DIR, ROOT, SAMPLES_DIR
from tests.support.photos import HEIGHT, WIDTH, jpeg
from tests.support.toy_model import make_toy_model


@pytest.fixture
def card(tmp_path):
    return make_toy_model(tmp_path / "models", tmp_path / "assets")


@pytest.fixture(params=ENGINES)
def toy(card, tmp_path, request):
    return read_model(card, tmp_path / "assets", name=request.param)


def test_a_photo_becomes_maps_that_say_what_they_hold_and_how_long_they_took(toy):
    maps = segment(jpeg(), toy)
    labels, confidence = (np.asarray(Image.open(io.BytesIO(png))) for png in (maps.labels_png, maps.confidence_png))
    assert labels.shape == maps.size[::-1] == (HEIGHT, WIDTH)
    assert confidence.shape == coarse_logits(Image.open(io.BytesIO(jpeg())), toy).shape[2:]
    assert maps.shares == tuple(np.bincount(labels.ravel(), minlength=len(CLASSES)) / labels.size)
    assert maps.mean_confidence == pytest.approx(confidence.mean() / 255)
    assert [stage for stage in STAGES if stage in maps.timings_ms] == list(maps.timings_ms)
    assert maps.timings_ms["network"] > 0
    with pytest.raises(FrozenInstanceError):
        maps.size = (1, 1)


def test_a_photos_header_is_read_once(toy, monkeypatch):
    opened, open_once = [], Image.open
    monkeypatch.setattr(Image, "open", lambda *a, **options: (opened.append(a), open_once(*a, **options))[1])
    segment(jpeg(), toy)
    assert len(opened) == 1


def test_a_decoded_photo_is_answered_as_its_bytes_are(toy):
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (80, 120, 3), np.uint8))
    out = io.BytesIO()
    photo.save(out, "PNG")
    maps = segment(out.getvalue(), toy)
    assert (np.asarray(Image.open(io.BytesIO(maps.labels_png))) == label(photo, toy)).all()


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


def test_confidence_follows_the_calibration_of_the_card_and_labels_do_not(card):
    class Fixed:
        def run(self, pixels):
            logits = np.zeros((1, len(CLASSES), 2, 3), np.float32)
            logits[:, 7] = np.log(40)  # 0.8 against ten others
            return logits

    weights = tuple(4.0 if label == 7 else 1.0 for label in range(len(CLASSES)))
    for given, scaling, expected in ((None, None, 0.8), (weights, None, 0.5), (weights, (1.0, np.log(3)), 0.75)):
        calibrated = replace(card, temperature=1.0, class_weights=given, platt_scaling=scaling)
        maps = segment(jpeg(), Model(calibrated, Fixed()))
        assert maps.mean_confidence == pytest.approx(expected, abs=0.002)
        assert maps.shares[7] == 1


@pytest.mark.parametrize("order", ["channels first", "channels last"])
def test_pixels_may_lie_in_any_order(toy, card, tmp_path, order):
    pixels = np.random.default_rng(0).standard_normal((1, 3, 32, 48)).astype(np.float32)
    laid_out = pixels if order == "channels first" else pixels.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    with torch.inference_mode():
        reference = read_model(card, tmp_path / "assets", name="torch").engine.network
        expected = reference.coarse(torch.from_numpy(pixels)).numpy()
    np.testing.assert_allclose(toy.engine.run(laid_out), expected, atol=1e-2)  # the ONNX file's weights are not halved


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
    """A dataclass asks for the module that it is defined in."""
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
        read_model(card, tmp_path / "assets", name="torch")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("body", "words"), [(None, "missing.*`make .* MODEL=toy`"), (b"others", "names another")])
def test_missing_and_exchanged_files_are_refused_where_they_are_read(card, tmp_path, engine, body, words):
    path = served_file(card, engine).path(tmp_path / "assets")
    path.write_bytes(body) if body else path.unlink()
    with pytest.raises(ModelFileError, match=words):
        read_model(card, tmp_path / "assets", name=engine)


def test_a_card_names_the_precision_that_is_served(card):
    card = replace(card, precision="int8", networks_sha256={"float32": "0" * 64, "int8": "1" * 64})
    assert served_file(card, "onnx").place == "networks/toy.int8.onnx"
    assert served_file(card, "onnx").key == f"models/toy/{'1' * 64}.onnx"
    assert model_files.network(card, "float32").place == "networks/toy.onnx"


def test_a_network_without_weights_runs_as_it_is_beside_models_that_pytorch_runs(card, tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPANE_ENGINE", "torch")
    assert isinstance(read_model(card, tmp_path / "assets").engine, TorchEngine)
    brought = replace(card, graph=Graph("photo", "NCHW", "float32", "RGB", "logits", "NCHW", "logits"))
    assert isinstance(read_model(brought, tmp_path / "assets").engine, OnnxEngine)


def test_what_is_no_network_is_a_sentence(card):
    with pytest.raises(NetworkError, match="network file of toy cannot be loaded"):
        OnnxEngine.load(card, b"no network")


def test_the_engine_is_onnx_runtime_unless_another_is_asked_for(monkeypatch):
    monkeypatch.delenv("TRIPANE_ENGINE", raising=False)
    assert engine_name() == "onnx"
    monkeypatch.setenv("TRIPANE_ENGINE", "torch")
    assert engine_name() == "torch"
    monkeypatch.setenv("TRIPANE_ENGINE", "tensorflow")
    with pytest.raises(NetworkError, match=r"'tensorflow'.*onnx, torch"):
        engine_name()


def test_pytorch_that_is_not_there_is_a_sentence(monkeypatch, card, tmp_path):
    monkeypatch.setitem(sys.modules, "shared.inference.torch_engine", None)
    with pytest.raises(NetworkError, match="make run ENGINE=torch"):
        read_model(card, tmp_path / "assets", name="torch")


def test_nothing_but_pytorchs_engine_imports_torch():
    """An image without it serves."""
    names = [path.stem for path in (ROOT / "shared" / "inference").glob("*.py")]
    modules = ", ".join(f"shared.inference.{name}" for name in names if name not in {"torch_engine", "network"})
    code = f"import {modules}, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "safetensors"} & set(run.stdout.split())


def test_how_much_a_photo_looks_like_a_street_is_said_of_the_weights_that_this_is_fitted_to(card, tmp_path):
    assert segment(jpeg(), read_model(card, tmp_path / "assets")).street_log_odds is None
    ours = load_cards()["fast_scnn"]
    model = read_model(ours, ASSETS_DIR)
    street = segment((SAMPLES_DIR / "sunny_oldtown.jpg").read_bytes(), model).street_log_odds
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (256, 512, 3), np.uint8))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert street > 0 > segment(out.getvalue(), model).street_log_odds
    other = Model(replace(ours, weights_sha256="0" * 64), model.engine)
    assert segment(jpeg(), other).street_log_odds is None
