"""`python -m functions.segmenter`."""

from __future__ import annotations

import sys

import pytest
from PIL import Image

from functions.segmenter import __main__ as command
from tests.support.photos import HEIGHT, WIDTH, jpeg
from tests.support.toy_model import make_toy_model


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on the toy model; gives its exit status."""
    make_toy_model(tmp_path / "models", tmp_path / "assets")
    monkeypatch.setattr(command, "MODELS_DIR", tmp_path / "models")
    monkeypatch.setattr(command, "ASSETS_DIR", tmp_path / "assets")
    monkeypatch.setattr(command, "load_cards", lambda: {"toy": None})

    def run(photo: bytes) -> int:
        (tmp_path / "street.jpg").write_bytes(photo)
        arguments = [str(tmp_path / "street.jpg"), "--model", "toy", "--out", str(tmp_path / "masks")]
        monkeypatch.setattr(sys, "argv", ["segmenter", *arguments])
        return command.main()

    return run


def test_it_writes_both_maps_and_says_how_long_each_stage_took(run, tmp_path, capsys):
    assert run(jpeg()) == 0
    sizes = {}
    for kind in ("labels", "confidence"):
        with Image.open(tmp_path / "masks" / f"street.toy.{kind}.png") as image:
            sizes[kind] = image.size
    assert sizes["labels"] == (WIDTH, HEIGHT)
    assert max(sizes["confidence"]) < WIDTH
    assert "network" in capsys.readouterr().out


def test_a_photo_that_is_none_is_a_clear_word_and_no_trace(run, capsys):
    assert run(b"no photo") == 1
    assert "not a JPEG, PNG or WebP" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "word"), [(b"others", "SHA-256"), (None, "toy.onnx")])
def test_a_missing_and_a_wrong_network_are_a_clear_word_too(run, tmp_path, capsys, content, word):
    path = tmp_path / "assets" / "networks" / "toy.onnx"
    path.write_bytes(content) if content else path.unlink()
    assert run(jpeg()) == 1
    assert word in capsys.readouterr().err
