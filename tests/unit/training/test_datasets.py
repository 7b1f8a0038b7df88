"""Data sets as they lie on disk."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from shared import paths
from training.data import datasets

REAL = Path(os.environ.get("TRIPANE_DATA") or paths.ROOT.parent / "shared" / "data")
needs_data = pytest.mark.skipif(not REAL.is_dir(), reason="the labelled photos are not on this machine")


def test_stored_ids_become_the_classes_they_may_be(data):
    facades = datasets.load(data / "labelmefacade")
    assert facades.may_be[[0, 1, 2, 200]].tolist() == [0, 0b110, 1 << 8, 0]
    assert facades.mostly[[0, 1, 2]].tolist() == [0, 0b10, 1 << 8]
    assert len(facades) == 4
    assert facades.examples[0].image.shape == (72, 96, 3)
    assert facades.examples[0].label.shape == (72, 96)


def test_photos_can_be_kept_out_by_name(data):
    kept = datasets.load(data / "camvid", lambda name: datasets.sequence(name) != "0001TP")
    assert [example.name for example in kept.examples] == ["0006R0_1", "0016E5_1"]


def test_the_rendered_samples_are_a_data_set_of_our_own_classes():
    samples = datasets.load(paths.SAMPLES_DIR, limit=2)
    assert [example.name for example in samples.examples] == ["autumn_avenue", "dusk_modern"]
    assert all(example.image.shape[:2] == example.label.shape for example in samples.examples)
    assert samples.may_be[10] == samples.mostly[10] == 1 << 10
    assert samples.may_be[255] == 0


def test_a_folder_that_is_no_data_set_is_refused_saying_what_one_looks_like(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"dataset\.json"):
        datasets.load(tmp_path)


def test_a_folder_without_data_is_told_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPANE_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(FileNotFoundError, match=r"`make data`.*elsewhere"):
        datasets.load(tmp_path / "elsewhere" / "camvid")


def test_the_data_sets_lie_in_the_repository_unless_the_environment_says_where(tmp_path, monkeypatch):
    monkeypatch.delenv("TRIPANE_DATA", raising=False)
    assert datasets.home() == paths.ROOT / "data"
    assert datasets.spelled(datasets.home() / "camvid") == "data/camvid"
    monkeypatch.setenv("TRIPANE_DATA", str(tmp_path))
    assert datasets.home() == tmp_path
    assert datasets.spelled(tmp_path / "camvid") == "data/camvid"
    assert datasets.spelled(paths.SAMPLES_DIR) == "assets/samples"
    assert datasets.spelled(Path("/srv/photos")) == "/srv/photos"


def test_no_document_command_or_card_names_a_folder_beside_the_checkout():
    files = [paths.ROOT / name for name in ("Makefile", "README.md", "CONTRIBUTING.md")]
    for folder in ("docs", "events", "functions", "scenes", "shared", "training"):
        files += [p for p in (paths.ROOT / folder).rglob("*") if p.suffix in (".md", ".py", ".json", ".args")]
    assert len(files) > 100
    assert not [str(path) for path in files if "../shared" in path.read_text(encoding="utf-8")]


def test_photos_of_one_walk_are_held_out_together():
    walk = [f"static_street_{i:03}" for i in range(30)]
    assert len({datasets.held_out(name) for name in walk}) == 1


@needs_data
def test_about_a_tenth_of_the_facades_is_held_out():
    names = [path.stem for path in (REAL / "labelmefacade" / "images").iterdir()]
    assert 0.07 < np.mean([datasets.held_out(name) for name in names]) < 0.15


@needs_data
def test_every_stored_label_is_described():
    camvid = datasets.load(REAL / "camvid", limit=5)
    for example in camvid.examples:
        described = camvid.may_be[example.label]
        assert ((described > 0) == (example.label != 255)).all()
