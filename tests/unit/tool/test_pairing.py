"""Each photo finds its own label map, and doubt is told rather than resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripane.truth import mapping
from tripane.truth.pairing import pair

OWN = mapping.load("tripane")


def make(root: Path, *names: str) -> list[Path]:
    paths = [root / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return paths


@pytest.mark.parametrize("label", ["a.png", "a.labels.png", "a_L.png", "deep/below/a.png"])
def test_the_three_forms_of_a_name_are_found(tmp_path, label):
    photos = make(tmp_path / "photos", "a.jpg")
    (truth,) = make(tmp_path / "truth", label)
    make(tmp_path / "truth", "ab.png", "b_a.png", ".a.png")
    assert pair(photos, tmp_path / "photos", tmp_path / "truth", OWN).labels == {photos[0]: truth}


def test_the_plainer_name_comes_first(tmp_path):
    photos = make(tmp_path, "a.jpg")
    make(tmp_path / "t", "a.labels.png", "a.png", "a_1.png")
    assert pair(photos, tmp_path, tmp_path / "t", OWN).labels[photos[0]].name == "a.labels.png"


def test_two_that_are_as_good_are_ambiguous_and_listed(tmp_path):
    photos = make(tmp_path / "photos", "a.jpg")
    both = make(tmp_path / "truth", "a_1.png", "a_2.png")
    pairs = pair(photos, tmp_path / "photos", tmp_path / "truth", OWN)
    assert pairs.ambiguous == {photos[0]: both}
    assert not pairs.labels


def test_same_names_in_different_folders_keep_their_own(tmp_path):
    photos = make(tmp_path / "photos", "x/a.jpg", "y/a.jpg")
    truth = make(tmp_path / "truth", "x/a.png", "y/a.png")
    assert pair(photos, tmp_path / "photos", tmp_path / "truth", OWN).labels == dict(zip(photos, truth, strict=True))


def test_a_photo_is_never_its_own_label_map(tmp_path):
    photos = make(tmp_path, "a.png")
    assert pair(photos, tmp_path, tmp_path, OWN).missing == photos
    (truth,) = make(tmp_path, "a_L.png")
    assert pair(photos, tmp_path, tmp_path, OWN).labels == {photos[0]: truth}


def test_cityscapes_is_paired_as_it_is_laid_out(tmp_path):
    photos = make(tmp_path / "leftImg8bit", "val/ulm/ulm_000000_000019_leftImg8bit.png")
    truth = make(
        tmp_path / "gtFine",
        *(f"val/ulm/ulm_000000_000019_gtFine_{end}.png" for end in ("labelIds", "color", "instanceIds")),
    )
    roots = tmp_path / "leftImg8bit", tmp_path / "gtFine"
    assert pair(photos, *roots, mapping.load("cityscapes")).labels == {photos[0]: truth[0]}
    assert pair(photos, *roots, mapping.load("cityscapes-colours")).labels == {photos[0]: truth[1]}
