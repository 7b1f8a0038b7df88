"""Polygons of a mask are, filled as pycocotools fills them, the mask again."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.paths import SAMPLES_DIR
from tripane.export.outlines import cuts, loops, polygons

coco = pytest.importorskip("pycocotools.mask")


def filled(found, shape):
    rles = coco.frPyObjects(found, *shape)
    return coco.decode(coco.merge(rles)).astype(bool)


def drawn(*rows: str):
    return np.array([[c == "#" for c in row] for row in rows])


CASES = {
    "a pixel": drawn("#"),
    "a square": drawn("##", "##"),
    "an L": drawn("#..", "#..", "###"),
    "a corner that touches": drawn("#.", ".#"),
    "another": drawn(".#", "#."),
    "a hole": drawn("###", "#.#", "###"),
    "two holes in one row": drawn("#####", "#.#.#", "#####"),
    "two below each other": drawn("###", "#.#", "###", "#.#", "###"),
    "holes that touch": drawn("####", "#.##", "##.#", "####"),
    "an island in a hole": drawn("#####", "#...#", "#.#.#", "#...#", "#####"),
    "all": np.ones((4, 7), bool),
}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("case", CASES)
def test_small_masks(case):
    mask = CASES[case]
    found = list(polygons(mask))
    assert all(len(polygon) >= 8 and len(polygon) % 2 == 0 for polygon in found)
    np.testing.assert_array_equal(filled(found, mask.shape), mask)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("seed", range(20))
def test_random_masks(seed):
    random = np.random.default_rng(seed)
    mask = random.random((23, 31)) < random.uniform(0.2, 0.8)
    np.testing.assert_array_equal(filled(list(polygons(mask)), mask.shape), mask)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_classes_of_a_street():
    labels = np.asarray(Image.open(SAMPLES_DIR / "sunny_brick.labels.png"))
    for label in np.unique(labels):
        mask = labels == label
        np.testing.assert_array_equal(filled(list(polygons(mask)), mask.shape), mask)


def test_corners_are_kept_and_nothing_else():
    (square,) = loops(np.ones((3, 5), bool))
    assert sorted(square) == [(0, 0), (0, 3), (5, 0), (5, 3)]
    assert cuts(CASES["a hole"]) == [1]
    assert not cuts(CASES["an L"])
