"""The eight kinds of stress: what they keep, that they grow, and that each is what it says."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from shared.paths import SAMPLES_DIR
from shared.stress import KINDS, SEVERITIES, stress
from shared.stress.random import hashed, normal_bytes

SEEDED = {"night", "fog", "rain", "motion_blur", "noise"}

Photo = NDArray[np.uint8]


@pytest.fixture(scope="module")
def street() -> Photo:
    with Image.open(SAMPLES_DIR / "sunny_brick.jpg") as photo:
        return np.array(photo.convert("RGB").resize((512, 288)))


@pytest.fixture(scope="module")
def pattern() -> Photo:
    """Bytes that any language can make: the hashes of their places, smoothed in no way."""
    return (hashed(np.arange(61 * 83 * 3, dtype=np.uint32), 5) & 0xFF).astype(np.uint8).reshape(61, 83, 3)


def flat(value: int) -> Photo:
    return np.full((40, 56, 3), value, np.uint8)


def mean_difference(one: Photo, other: Photo) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 1), (2, 3), (16, 16), (37, 53), (300, 17)])
def test_a_photo_of_any_size_keeps_it(kind: str, size: tuple[int, int], pattern: Photo) -> None:
    photo = np.resize(pattern, (*size, 3))
    before = photo.copy()
    for severity in SEVERITIES:
        worse = stress(photo, kind, severity)
        assert worse.shape == photo.shape
        assert worse.dtype == np.uint8
    assert np.array_equal(photo, before)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_arguments_give_the_same_photo(kind: str, street: Photo) -> None:
    first = stress(street, kind, 3, seed=7)
    assert np.array_equal(first, stress(street.copy(), kind, 3, seed=7))
    assert np.array_equal(first, stress(np.asfortranarray(street), kind, 3, seed=7))
    assert np.array_equal(first, stress(street, kind, 3, seed=8)) == (kind not in SEEDED)


@pytest.mark.parametrize("kind", KINDS)
def test_each_severity_is_further_from_the_photo_than_the_last(kind: str, street: Photo) -> None:
    worse = [stress(street, kind, severity) for severity in SEVERITIES]
    away = [mean_difference(photo, street) for photo in worse]
    assert away[0] > 1
    if kind == "fog":  # thicker fog is no brighter, and of two that are as thick the patchier hides more: what is left
        left = [np.diff(photo.astype(int), axis=1).std() for photo in worse]
        assert left[0] > 1.1 * left[1] > 1.2 * left[2]
        assert left[3] > 1.05 * left[4]
    else:
        assert all(more > 1.03 * less for less, more in pairwise(away)), away


@pytest.mark.parametrize("kind", ["motion_blur", "defocus", "jpeg", "low_resolution"])
@pytest.mark.parametrize("value", [0, 3, 128, 255])
def test_blurring_one_gray_changes_nothing(kind: str, value: int) -> None:
    for severity in SEVERITIES:
        changed = mean_difference(stress(flat(value), kind, severity), flat(value))
        assert changed == 0 if kind != "jpeg" else changed <= 13  # half a step of a block's mean


def test_a_hash_is_that_of_murmur() -> None:
    def finalised(bits: int) -> int:
        bits = (bits ^ bits >> 16) * 0x85EBCA6B % 2**32
        bits = (bits ^ bits >> 13) * 0xC2B2AE35 % 2**32
        return bits ^ bits >> 16

    assert finalised(1) == 0x514E28B7  # as published
    expected = [finalised(i * 0x9E3779B9 % 2**32 ^ finalised(16 * 3 + 2)) for i in range(100)]
    assert hashed(np.arange(100, dtype=np.uint32), seed=3, stream=2).tolist() == expected


def test_noise_is_nearly_normal() -> None:
    drawn = normal_bytes((400, 500), 200.0, seed=1).astype(float) / 200
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((np.abs(drawn) < 1).mean() - 0.683) < 0.015
    assert abs((np.abs(drawn) < 2).mean() - 0.955) < 0.01
    neighbours = np.corrcoef(drawn[:, 1:].ravel(), drawn[:, :-1].ravel())[0, 1]
    assert abs(neighbours) < 0.01


def test_noise_has_the_published_deviation() -> None:
    worse = stress(np.full((200, 200, 3), 128, np.uint8), "noise", 1)
    assert worse.std() == pytest.approx(255 * 0.08, rel=0.02)


def test_defocus_spreads_a_point_over_a_disk() -> None:
    photo = np.zeros((512, 512, 3), np.uint8)
    photo[256, 256] = 255
    spread = stress(photo, "defocus", 1)[..., 0]
    rows, columns = spread.nonzero()
    reach = np.hypot(rows - 256, columns - 256)
    assert reach.max() <= 3.5
    assert len(rows) == (np.hypot(*np.mgrid[-9:10, -9:10]) <= 3.5).sum()
    assert np.unique(spread[rows, columns]).tolist() == [round(255 / len(rows))]


def test_defocus_of_a_large_photo_counts_every_neighbour() -> None:
    photo = np.full((4, 400, 3), 250, np.uint8)
    assert stress(photo, "defocus", 5, short_side=7000).min() == 250


def test_defocus_is_a_mean_over_the_disk_at_the_edge_too(pattern: Photo) -> None:
    disk = np.hypot(*np.mgrid[-3:4, -3:4]) <= 3.5
    padded = np.pad(pattern.astype(int), ((3, 3), (3, 3), (0, 0)), "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (7, 7), axis=(0, 1))
    mean = np.floor(windows[..., disk].sum(-1) / disk.sum() + 0.5)
    assert np.array_equal(stress(pattern, "defocus", 1, short_side=512), mean)


def test_motion_goes_one_way() -> None:
    photo = np.zeros((512, 512, 3), np.uint8)
    photo[256, 256] = 255
    for seed in range(5):
        rows, columns = stress(photo, "motion_blur", 3, seed)[..., 0].nonzero()
        line = np.polyfit(columns, rows, 1)
        assert columns.max() == 256
        assert abs(line[0]) <= 1.1
        assert np.abs(np.polyval(line, columns) - rows).max() < 1


@pytest.mark.parametrize("severity", SEVERITIES)
def test_jpeg_is_what_a_codec_gives(severity: int, street: Photo) -> None:
    file = io.BytesIO()
    quality = (25, 18, 15, 10, 7)[severity - 1]
    Image.fromarray(street).save(file, "JPEG", quality=quality)
    through_codec = np.array(Image.open(file))
    ours = stress(street, "jpeg", severity)
    # Codecs enlarge colour more smoothly than we do.
    assert mean_difference(ours, through_codec) < 0.25 * mean_difference(ours, street)


def test_night_is_dark_above_all_at_the_sky() -> None:
    dark = stress(flat(200), "night", 3)
    assert dark.mean() < 100
    assert dark[:4].mean() < 0.6 * dark[-4:].mean()


def test_fog_takes_contrast_and_rain_leaves_streaks(street: Photo) -> None:
    assert stress(street, "fog", 3).std() < 0.75 * street.std()
    streaks = stress(np.full((256, 256, 3), 60, np.uint8), "rain", 3)[..., 0].astype(int)
    bright = streaks > np.median(streaks) + 20
    assert 0.005 < bright.mean() < 0.2
    down, across = (bright[1:] & bright[:-1]).sum(), (bright[:, 1:] & bright[:, :-1]).sum()
    assert down > 1.5 * across


@pytest.mark.parametrize("kind", ["defocus", "motion_blur", "rain"])
def test_lengths_grow_with_the_photo(kind: str, street: Photo) -> None:
    def half(photo: Photo) -> Photo:
        return photo[::2, ::2]

    twice = street.repeat(2, axis=0).repeat(2, axis=1)
    away = mean_difference(stress(street, kind, 4), street)
    assert mean_difference(half(stress(twice, kind, 4)), half(twice)) == pytest.approx(away, rel=0.2)


def test_a_crop_is_made_worse_as_its_photo_would_be(street: Photo) -> None:
    whole = stress(street, "defocus", 2)
    crop = stress(street[100:228, 200:360], "defocus", 2, short_side=288)
    assert np.array_equal(crop[16:-16, 16:-16], whole[116:212, 216:344])


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("noise", "33dd2c2f1084a329"),
        ("defocus", "60f964de049f2cb3"),
        ("motion_blur", "aaaeead6ce55d03b"),
        ("jpeg", "6da7f14c9e0674ca"),
    ],
)
def test_whole_numbers_are_the_same_everywhere(kind: str, digest: str, pattern: Photo) -> None:
    assert hashlib.sha256(stress(pattern, kind, 3, seed=2, short_side=512).tobytes()).hexdigest()[:16] == digest


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stress(flat(1), "hail", 1), "hail"),
        (lambda: stress(flat(1), "fog", 0), "severity"),
        (lambda: stress(flat(1), "fog", 6), "severity"),
        (lambda: stress(flat(1)[..., 0], "fog", 1), "height x width x 3"),
        (lambda: stress(flat(1).astype(np.float32), "fog", 1), "float32"),
        (lambda: stress(np.zeros((0, 4, 3), np.uint8), "fog", 1), "height x width x 3"),
    ],
)
def test_what_cannot_be_made_worse_is_refused(call: Callable[[], Photo], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()
