"""Sizes of what a network sees and answers, and maps as PNG."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import InputPolicy
from shared.contracts.labels import CLASSES, IGNORE
from shared.contracts.limits import result_size
from shared.inference.encode import encode_gray, encode_labels
from shared.inference.pixels import input_size

POLICY = InputPolicy(short_side=512, max_enlargement=2.0, max_long_side=1280, multiple=32, mean=127, std=128)


@pytest.mark.parametrize(
    ("photo", "seen"),
    [
        ((2048, 1024), (1024, 512)),
        ((480, 360), (672, 512)),
        ((360, 480), (512, 672)),
        ((100, 100), (192, 192)),  # twice as large and no larger
        ((4000, 500), (1280, 160)),  # its long side is limited
        ((32, 32), (64, 64)),
    ],
)
def test_a_photo_is_seen_at_the_size_its_card_says(photo, seen):
    assert input_size(*photo, POLICY) == seen


def test_results_are_never_enlarged():
    assert result_size(4096, 1024) == (2048, 512)
    assert result_size(640, 480) == (640, 480)


def test_label_pngs_hold_ids_and_show_the_classes_colours():
    labels = np.arange(11, dtype=np.uint8).repeat(4).reshape(11, 4)
    image = Image.open(io.BytesIO(encode_labels(labels)))
    assert image.mode == "P"
    assert (np.asarray(image) == labels).all()
    colours = np.asarray(image.convert("RGB"))[:, 0]
    assert [tuple(map(int, c)) for c in colours] == [c.colour for c in CLASSES]


def test_label_pngs_hold_ids_beyond_the_classes_too():
    """Such as 255, where a truth says nothing."""
    labels = np.array([[0, 10, IGNORE], [11, 15, 16]], np.uint8)
    image = Image.open(io.BytesIO(encode_labels(labels)))
    assert (np.asarray(image) == labels).all()
    assert image.convert("RGB").getpixel((2, 0)) == (0, 0, 0)


def test_confidence_pngs_hold_their_bytes():
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    image = Image.open(io.BytesIO(encode_gray(values)))
    assert image.mode == "L"
    assert (np.asarray(image) == values).all()
