"""The camera that light is turned into a photo by."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from scenes.photo import CAMERAS, balanced, blurred, develop, exposed, toned, vignetted, with_glare, with_noise
from tests.support.alignment import offset

GRAY = np.full((64, 128, 3), 0.18, np.float32)


def street() -> np.ndarray:
    """Bright sky over a gray road with a dark wall."""
    light = np.full((96, 192, 3), 0.2, np.float32)
    light[:40] = (2.0, 2.4, 3.0)
    light[20:80, 60:130] = 0.02
    return light


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def test_the_same_light_and_seed_give_the_same_bytes():
    assert develop(street(), "sunny", 3) == develop(street(), "sunny", 3)
    assert develop(street(), "sunny", 3) != develop(street(), "sunny", 4)


@pytest.mark.parametrize("mood", CAMERAS)
def test_a_photo_uses_the_range_and_has_the_lights_size(mood):
    photo = pixels(develop(street(), mood, 1))
    assert photo.shape == (96, 192, 3)
    assert photo[5:30].mean() > photo[60:].mean() + 40
    assert 20 < photo[60:].mean() < 150


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_exposure_makes_up_for_how_bright_the_light_is(factor):
    np.testing.assert_allclose(exposed(street() * np.float32(factor), 0.15), exposed(street(), 0.15), rtol=1e-3)


def test_nothing_moves():
    light = street()
    labels = np.zeros(light.shape[:2], np.uint8)
    labels[20:80, 60:130] = 2
    assert offset(pixels(develop(light, "dusk", 1)), labels, {2}) == (0, 0)


def test_mid_gray_stays_mid_gray_black_is_black_and_light_never_darkens():
    assert abs(float(toned(GRAY).mean()) - 0.46) < 0.02
    ramp = np.repeat(np.linspace(0, 20, 500, dtype=np.float32)[None, :, None], 3, 2)
    values = toned(ramp)[0, :, 0]
    assert values[0] == 0
    assert values[-1] > 0.98
    assert (np.diff(values) >= 0).all()


def test_balance_takes_part_of_a_cast_away_and_keeps_the_brightness():
    blue = GRAY * np.array([0.7, 1.0, 1.3], np.float32)
    before, after = (np.ptp(light.mean((0, 1))) for light in (blue, balanced(blue, 0.5)))
    assert 0.3 < after / before < 0.7
    assert abs(balanced(blue, 0.5).mean() / blue.mean() - 1) < 0.02


def test_glare_spreads_light_and_loses_none():
    light = np.full((128, 256, 3), 0.01, np.float32)
    light[60:64, 120:124] = 20.0
    spread = with_glare(light, 0.1, 0.5)
    assert spread[70, 122, 0] > light[70, 122, 0]
    assert spread[61, 121, 0] < light[61, 121, 0]
    assert abs(spread.mean() / light.mean() - 1) < 0.05


def test_a_blur_keeps_what_is_even():
    np.testing.assert_allclose(blurred(GRAY, 9.0), GRAY, rtol=1e-4)


def test_vignetting_darkens_the_corners_only():
    shaded = vignetted(GRAY, 0.2)
    assert shaded[32, 64, 0] == pytest.approx(0.18, rel=1e-3)
    assert shaded[0, 0, 0] < shaded[32, 0, 0] < 0.18


def test_noise_is_of_the_strength_that_is_asked_for():
    values = toned(with_noise(np.full((256, 256, 3), 0.18, np.float32), 3.0, np.random.default_rng(0))) * 255
    assert 1.5 < values.std() < 4.5
