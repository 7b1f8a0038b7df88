"""What becomes of the table of chances when it is fitted anew."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.chance import table
from training import chance

MODELS = ("enet", "fast_scnn", "swiftnet")


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A file that stands for the table that is served."""
    file = tmp_path / "table.json"
    file.write_bytes(table.FITTED.read_bytes())
    monkeypatch.setattr(table, "FITTED", file)
    return file


def photo(name: str, alike: bool = False) -> chance.Answered:
    """A photo on which each model is right as often as it says, or all say the same."""
    random = np.random.default_rng(ord(name[0]))
    sure = np.full((len(MODELS), 500), 128, np.uint8)
    right = random.random(sure.shape) < 0.5
    if alike:
        right[:] = True
    labels = np.where(right, 0, random.integers(1, 11, sure.shape)).astype(np.uint8)
    return chance.Answered(name, labels, sure, right)


def fit(monkeypatch, data, *options: str, alike: bool = False) -> None:
    photos = [photo(f"{walk}_1", alike) for walk in "abcdefghijkl"]
    monkeypatch.setattr(chance, "answers", lambda models, data: photos)
    monkeypatch.setattr("sys.argv", ["chance", "--data", str(data / "labelmefacade"), "--split", "all", *options])
    chance.main()


def test_what_is_written_can_be_loaded(data, kept, monkeypatch):
    fit(monkeypatch, data, "--models", *MODELS)
    written = table.load(kept)
    assert written.models == MODELS
    assert written.source == "labelmefacade, all: 12 photos"


@pytest.mark.parametrize("models", [("enet", "swiftnet"), ("enet", "enet", "swiftnet")])
def test_fewer_models_than_the_table_has_rows_for_leave_it_alone(data, kept, monkeypatch, capsys, models):
    before = kept.read_bytes()
    with pytest.raises(SystemExit):
        fit(monkeypatch, data, "--models", *models)
    assert "--models wants 3 or more" in capsys.readouterr().err
    assert kept.read_bytes() == before


def test_photos_that_leave_a_row_empty_leave_the_table_alone(data, kept, monkeypatch, capsys):
    before = kept.read_bytes()
    with pytest.raises(SystemExit):
        fit(monkeypatch, data, alike=True)
    assert "12 photos of labelmefacade are too few: a table of chances without the row" in capsys.readouterr().err
    assert kept.read_bytes() == before


def test_a_photo_that_does_not_fit_its_labels_is_a_sentence(data, kept, monkeypatch, capsys):
    Image.new("RGB", (72, 96)).save(data / "labelmefacade" / "images" / "0001TP_1.jpg")
    with pytest.raises(SystemExit):
        fit(monkeypatch, data)
    assert "0001TP_1.jpg is upright 72 x 96 px" in capsys.readouterr().err
