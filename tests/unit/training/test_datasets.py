"""Data sets as they lie on disk."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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


def photo_of(data: Path, name: str = "any.png") -> tuple[Path, np.ndarray]:
    """A place for a photo beside labels of 96 x 72 px, and its pixels."""
    pixels = np.random.default_rng(1).integers(0, 256, (72, 96, 3), np.uint8)
    Image.fromarray(np.zeros((72, 96), np.uint8)).save(data / "camvid" / "labels" / "any.png")
    return data / "camvid" / "images" / name, pixels


def turned(pixels: np.ndarray, orientation: int) -> tuple[Image.Image, Image.Exif]:
    """A photo as a camera stores it that was held so, and what it says of that."""
    stored = {
        1: pixels, 2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1],
        5: pixels.swapaxes(0, 1), 6: pixels.swapaxes(0, 1)[::-1],
        7: pixels[::-1, ::-1].swapaxes(0, 1), 8: pixels.swapaxes(0, 1)[:, ::-1],
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    return Image.fromarray(stored[orientation]), exif


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_read_upright_as_it_is_served(data, orientation):
    path, pixels = photo_of(data)
    stored, exif = turned(pixels, orientation)
    stored.save(path, exif=exif)
    (example,) = datasets.load(data / "camvid", lambda name: name == "any").examples
    assert (example.image == pixels).all()
    assert example.label.shape == (72, 96)


@pytest.mark.parametrize("samples", [False, True])
def test_a_photo_that_is_not_as_large_as_its_labels_is_refused_with_both_sizes(data, samples):
    """It may lie on its side and not say so."""
    path, pixels = photo_of(data)
    root = data / "camvid"
    if samples:
        root, path = data / "samples", data / "samples" / "any.jpg"
        root.mkdir()
        (root / "samples.json").write_text("{}")
        (data / "camvid" / "labels" / "any.png").rename(root / "any.labels.png")
    Image.fromarray(pixels.swapaxes(0, 1)).save(path)
    with pytest.raises(datasets.DataSetError, match=rf"{path.name} is upright 72 x 96 px.*any.*\.png, 96 x 72 px"):
        datasets.load(root, lambda name: name == "any")


def test_a_photo_that_cannot_be_decoded_is_named(data):
    path, _ = photo_of(data, "any.jpg")
    path.write_bytes(b"no photo")
    with pytest.raises(datasets.DataSetError, match=r"any\.jpg: .*not a JPEG"):
        datasets.load(data / "camvid")


def test_what_can_be_scored_is_what_one_label_means_and_no_other_leaves_open(data):
    exact, coarse = datasets.load(data / "camvid"), datasets.load(data / "labelmefacade")
    assert exact.exact
    assert exact.scorable.all()
    assert not coarse.exact
    assert np.flatnonzero(coarse.scorable).tolist() == [8]
    left_open = replace(coarse, may_be=coarse.may_be | (coarse.may_be > 1) * np.int16(1 << 8))
    assert not left_open.scorable.any(), "building may be a car now"


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


def test_no_walk_is_in_both_halves_and_halves_are_as_even_as_walks_allow():
    names = [f"long__p{i}" for i in range(9)] + [f"mid__{i}" for i in range(5)] + ["one_1", "two_1", "three_7"]
    first, second = datasets.halves(names)
    assert sorted(first + second) == list(range(len(names)))
    assert not {datasets.walk(names[i]) for i in first} & {datasets.walk(names[i]) for i in second}
    assert (len(first), len(second)) == (9, 8)
