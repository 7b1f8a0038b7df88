"""An image to the array that a network takes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import InputPolicy
from shared.inference.pixels import decoded_long_side, pixels
from shared.inference.preprocess import preprocess

POLICY = InputPolicy(short_side=512, max_enlargement=2.0, max_long_side=1280, multiple=32, mean=127, std=128)


@pytest.mark.parametrize("size", [(64, 32), (128, 64), (96, 96), (300, 170)])
def test_the_array_holds_what_pytorch_is_given(size):
    noise = np.random.default_rng(0).integers(0, 256, (64, 128, 3), np.uint8)
    image = Image.fromarray(noise)
    found = pixels(image, size, POLICY)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous, "or the engine copies it"
    assert np.array_equal(found, preprocess(image, size, POLICY).numpy())


def test_a_photo_is_decoded_larger_than_it_is_seen():
    assert decoded_long_side((1024, 512)) == 2048
