"""Label maps computed only where classes meet, held to PyTorch's of the whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from shared.inference import upsample as module
from shared.inference.upsample import argmax, upsample

SIZES = [
    ((16, 8), (128, 64)),  # stride 8, and a photo twice as large as the network sees it
    ((16, 8), (256, 128)),
    ((32, 16), (32, 16)),  # logits at full size
    ((33, 17), (67, 35)),
    ((21, 16), (480, 360)),  # no whole number of pixels to a logit
    ((128, 16), (1999, 251)),
    ((64, 48), (41, 30)),  # fewer pixels than logits
    ((64, 48), (7, 5)),
    ((1, 1), (9, 5)),
    ((1, 5), (4, 50)),
]


def reference(logits: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """PyTorch's label map, and how far the winner is ahead of the second."""
    whole = F.interpolate(torch.from_numpy(logits)[None], size=size[::-1], mode="bilinear", align_corners=False)[0]
    first, second = whole.topk(2, dim=0).values
    return whole.argmax(0).numpy(), (first - second).numpy()


def street(classes: int, width: int, height: int, seed: int) -> np.ndarray:
    """Logits of regions with smooth borders, as networks give them."""
    rng = np.random.default_rng(seed)
    noise = torch.from_numpy(rng.standard_normal((1, classes, 5, 6), np.float32))
    regions = F.interpolate(noise, size=(height, width), mode="bicubic", align_corners=False)[0].numpy()
    return 8 * regions + 0.3 * rng.standard_normal(regions.shape, np.float32)


@pytest.mark.parametrize(("coarse", "size"), SIZES)
@pytest.mark.parametrize("make", ["noise", "street"])
@pytest.mark.parametrize("classes", [2, 11, 19])
def test_the_label_map_is_that_of_all_logits_interpolated(coarse, size, make, classes):
    width, height = coarse
    if make == "noise":
        logits = np.random.default_rng(1).standard_normal((classes, height, width), np.float32)
    else:
        logits = street(classes, width, height, 2)
    labels = upsample(logits, size)
    expected, ahead = reference(logits, size)
    assert labels.shape == (size[1], size[0])
    assert labels.dtype == np.uint8
    assert (ahead[labels != expected] < 1e-4).all(), "another class than PyTorch's, and not for rounding"


def test_a_class_that_wins_at_no_corner_may_win_between_them():
    logits = np.array([[[10, 0]], [[0, 10]], [[9, 9]]], np.float32)
    assert set(upsample(logits, (40, 1))[0].tolist()) == {0, 1, 2}


def test_one_class_is_a_map_of_it():
    assert not upsample(np.ones((1, 4, 4), np.float32), (9, 9)).any()


def test_cells_computed_in_parts_are_those_of_the_whole(monkeypatch):
    logits = street(11, 24, 12, 3)
    whole = upsample(logits, (200, 99))
    monkeypatch.setattr(module, "CHUNK", 1)
    assert np.array_equal(upsample(logits, (200, 99)), whole)


def test_of_equal_logits_the_first_class_wins():
    logits = np.random.default_rng(4).integers(0, 3, (11, 30, 40)).astype(np.float32)
    assert np.array_equal(argmax(logits), logits.argmax(0))
