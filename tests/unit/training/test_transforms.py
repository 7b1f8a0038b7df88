"""What augmentation does to a photo and its labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from shared.stress import KINDS, stress
from training.data import transforms
from training.data.datasets import Example
from training.data.transforms import Augmentation

TABLE = torch.from_numpy(np.array([[1 << min(i, 10) for i in range(256)]] * 2, np.int16))


def scene() -> Example:
    """A bright sky above a dark road."""
    image = np.zeros((90, 120, 3), np.uint8)
    image[:45], image[45:] = 220, 40
    label = np.zeros((90, 120), np.uint8)
    label[45:] = 3
    return Example("scene", image, label)


def test_crops_have_the_size_asked_for_and_labels_stay_labels():
    torch.manual_seed(0)
    augment = Augmentation(crop=(32, 48), short_side=90)
    for _ in range(20):
        pixels, targets, _ = augment(scene(), TABLE)
        assert pixels.shape == (3, 32, 48)
        assert pixels.dtype == torch.uint8
        assert targets.shape == (2, 32, 48)
        assert set(targets.unique().tolist()) <= {1, 8}


def test_labels_stay_where_the_picture_has_them():
    torch.manual_seed(1)
    augment = Augmentation(crop=(64, 64), short_side=90)
    for _ in range(20):
        pixels, targets, _ = augment(scene(), TABLE)
        if len(targets.unique()) == 2:
            gray = pixels.float().mean(0)
            assert gray[targets[0] == 1].mean() > gray[targets[0] == 8].mean() + 13


def test_a_share_of_crops_has_a_road_of_another_colour():
    warmest = {}
    for share in (0.0, 1.0):
        torch.manual_seed(2)
        augment = Augmentation(crop=(32, 48), short_side=90, around_class=1, ground=share)
        warmth = []
        for _ in range(40):
            pixels, targets, _ = augment(scene(), TABLE)
            road = pixels.float()[:, targets[0] == 8]
            warmth.append(float((road[0] - road[2]).mean()) if road.numel() else 0.0)
        warmest[share] = max(warmth)
    assert warmest[1.0] > 1.5 * warmest[0.0]


def test_the_same_random_numbers_give_the_same_crop():
    augment = Augmentation(crop=(32, 48), short_side=90)
    crops = []
    for _ in range(2):
        torch.manual_seed(5)
        crops.append(augment(scene(), TABLE))
    assert torch.equal(crops[0][0], crops[1][0])
    assert torch.equal(crops[0][1], crops[1][1])


def test_soft_labels_stay_where_the_picture_has_them():
    torch.manual_seed(2)
    augment = Augmentation(crop=(64, 96), short_side=90)
    soft = np.zeros((11, 30, 40), np.uint8)
    soft[0, :15] = soft[3, 15:] = 255
    example = replace(scene(), soft=soft)
    for _ in range(20):
        _, targets, soft_window = augment(example, TABLE)
        assert soft_window.shape == (11, 32, 48)
        torch.testing.assert_close(soft_window.sum(0), torch.ones(32, 48))
        exact = targets[0, ::2, ::2]
        agree = torch.where(exact == 1, soft_window[0], soft_window[3]) > 0.5
        assert agree.float().mean() > 0.96, "all but the row of cells in which the one becomes the other"


def test_a_photo_without_soft_labels_has_none():
    assert Augmentation(crop=(32, 48), short_side=90)(scene(), TABLE)[2].numel() == 0


def test_a_share_of_crops_is_stressed_and_labels_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def noted(photo, kind, severity, seed, short_side):
        calls.append((kind, severity, short_side))
        return stress(photo, kind, severity, seed, short_side)

    monkeypatch.setattr(transforms, "stress", noted)
    torch.manual_seed(3)
    augment = Augmentation(crop=(32, 48), short_side=120, stress=0.5)
    for _ in range(300):
        pixels, targets, _ = augment(scene(), TABLE)
        assert pixels.shape == (3, 32, 48)
        assert pixels.dtype == torch.uint8
        assert set(targets.unique().tolist()) <= {1, 8}
    assert 120 < len(calls) < 180
    kinds, severities, short_sides = (set(values) for values in zip(*calls, strict=True))
    assert kinds == set(KINDS)
    assert severities == {1, 2, 3, 4}
    assert short_sides == {90, 120}, "as a small photo, and as a large one"


def test_without_stress_no_crop_is_stressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transforms, "stress", None)
    for _ in range(20):
        Augmentation(crop=(32, 48), short_side=90)(scene(), TABLE)
