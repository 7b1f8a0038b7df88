"""From an image to a network's input, and from logits to maps."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from shared.contracts.card import InputPolicy
from shared.contracts.labels import CLASSES, IGNORE
from shared.contracts.limits import result_size
from shared.inference.encode import encode_gray, encode_labels
from shared.inference.postprocess import BAND, postprocess
from shared.inference.preprocess import input_size, preprocess

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


def test_pixels_are_normalised_and_lie_channels_last():
    image = Image.new("RGB", (64, 32), (255, 127, 0))
    pixels = torch.from_numpy(preprocess(image, (64, 32), POLICY))
    assert pixels.shape == (1, 3, 32, 64)
    assert pixels.is_contiguous(memory_format=torch.channels_last)
    pooled = torch.max_pool2d(pixels, 2)
    assert pooled.is_contiguous(memory_format=torch.channels_last), "or a network computes in another memory format"
    assert pixels[0, :, 0, 0].tolist() == [1.0, 0.0, -127 / 128]


@pytest.mark.parametrize(
    ("coarse", "size"), [((8, 16), (160, 70)), ((64, 64), (64, 64)), ((9, 7), (1000, BAND + 9)), ((3, 3), (5, 4))]
)
def test_maps_computed_in_bands_are_those_of_the_whole(coarse, size):
    torch.manual_seed(0)
    logits = 3 * torch.randn(1, 11, *coarse)
    labels, confidence = postprocess(logits.numpy(), size, temperature=1.3)
    whole = F.interpolate(logits, size=size[::-1], mode="bilinear", align_corners=False) / 1.3
    probability, winner = whole.softmax(1).max(1)
    assert (labels == winner[0].numpy()).mean() > 0.9999
    assert np.abs(confidence - 255 * probability[0].numpy()).max() < 0.51


def test_a_higher_temperature_is_less_sure_of_the_same_answer():
    logits = torch.randn(1, 11, 4, 4).numpy()
    cold, warm = (postprocess(logits, (16, 16), t) for t in (0.5, 2.0))
    assert (cold[0] == warm[0]).all()
    assert (cold[1] >= warm[1]).all()


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
