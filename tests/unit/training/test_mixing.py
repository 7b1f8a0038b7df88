"""Photos made of two."""

from __future__ import annotations

import torch
from torch import Tensor

from training.data.mixing import mix_classes


def two_photos() -> tuple[Tensor, Tensor]:
    """Photo 0 is 0 all over, of class 0; photo 1 is 1, left of class 1, in the middle 2, right not labelled."""
    images = torch.stack([torch.zeros(3, 6, 9), torch.ones(3, 6, 9)])
    targets = torch.ones(2, 2, 6, 9, dtype=torch.int16)
    targets[1, :, :, :3], targets[1, :, :, 3:6], targets[1, :, :, 6:] = 2, 4, 0
    return images, targets


def test_pasted_pixels_bring_their_labels():
    torch.manual_seed(0)
    pasted = []
    for _ in range(20):
        images, targets = mix_classes(*two_photos(), share=1.0)
        assert torch.equal(images[0, 0] == 1, targets[0, 0] != 1)
        pasted.append(targets[0, 1].unique().tolist())
    assert sorted(map(tuple, {tuple(p) for p in pasted})) == [(1, 2), (1, 4)], "one of two classes, now this, now that"


def test_what_is_not_labelled_is_not_pasted():
    torch.manual_seed(0)
    for _ in range(20):
        images, _ = mix_classes(*two_photos(), share=1.0)
        assert not images[0, :, :, 6:].any()


def test_a_photo_of_one_class_gives_nothing():
    torch.manual_seed(0)
    images, targets = mix_classes(*two_photos(), share=1.0)
    assert torch.equal(images[1], two_photos()[0][1])
    assert torch.equal(targets[1], two_photos()[1][1])


def test_coarse_labels_stay_coarse():
    images, targets = two_photos()
    targets[1, 0] |= 1024
    torch.manual_seed(0)
    _, mixed = mix_classes(images, targets, share=1.0)
    assert set(mixed[0, 0].unique().tolist()) <= {1, 1024 | 2, 1024 | 4}
    assert len(mixed[0, 0].unique()) == 2


def test_the_share_of_photos_is_what_is_asked_for():
    torch.manual_seed(0)
    mixed = [bool(mix_classes(*two_photos(), share=0.3)[0][0].any()) for _ in range(300)]
    assert 0.2 < sum(mixed) / len(mixed) < 0.4
