"""An image to the array that a network takes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import InputPolicy
from shared.inference.pixels import decoded_long_side, pixels

POLICY = InputPolicy(short_side=512, max_enlargement=2.0, max_long_side=1280, multiple=32, mean=127, std=128)


@pytest.mark.parametrize("size", [(64, 32), (128, 64), (96, 96), (300, 170)])
def test_the_array_holds_the_photo_at_that_size(size):
    noise = np.random.default_rng(0).integers(0, 256, (64, 128, 3), np.uint8)
    image = Image.fromarray(noise)
    found = pixels(image, size, POLICY)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous, "or the engine copies it"
    resized = np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0), np.float32)
    assert np.array_equal(found, ((resized - 127) / 128).transpose(2, 0, 1)[np.newaxis])


def test_pixels_are_normalised():
    found = pixels(Image.new("RGB", (64, 32), (255, 127, 0)), (64, 32), POLICY)
    assert found.shape == (1, 3, 32, 64)
    assert found[0, :, 0, 0].tolist() == [1.0, 0.0, -127 / 128]


def test_a_photo_is_decoded_larger_than_it_is_seen():
    assert decoded_long_side((1024, 512)) == 2048
