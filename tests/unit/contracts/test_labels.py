"""The classes' colours."""

from __future__ import annotations

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
import pytest

from shared.contracts.labels import CLASSES
from shared.paths import PAGE_DIR

# Machado, Oliveira, Fernandes 2009, severity 1, on linear light.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}
# Ottosson 2020: A perceptual color space for image processing.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)


def oklab(colour, sight):
    value = np.array(colour) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return TO_OKLAB @ np.cbrt(TO_CONES @ np.clip(sight @ linear, 0, 1))


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_classes_of_the_distinct_palette_differ_for_every_colour_vision(sight):
    seen = {label.name: oklab(label.distinct, np.array(SIGHTS[sight])) for label in CLASSES}
    assert len(seen) == 11
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.115, alike(one, other, sight)


def alike(one, other, sight):
    return f"with {sight} vision {one} and {other} look too alike: give one another `distinct` colour"


# As masks are laid on photos when the page opens: `opacity` in frontend/modules/state.js.
OPACITY = 0.8
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = TO_XYZ.sum(1)


def cielab(colour, sight):
    value = np.array(colour) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    x, y, z = (f(t) for t in TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def f(t):
    return np.cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29


def ciede2000(one, other):
    """Sharma, Wu, Dalal 2005: The CIEDE2000 Color-Difference Formula."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    g = 1 + 0.5 * (1 - sqrt(c7 / (c7 + 25**7)))
    c1, c2 = hypot(g * a1, b1), hypot(g * a2, b2)
    h1, h2 = degrees(atan2(b1, g * a1)) % 360, degrees(atan2(b2, g * a2)) % 360
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    lightness, chroma, hue = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    middle, mean, at = (l1 + l2) / 2, (c1 + c2) / 2, h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = 1 - 0.17 * cosine(at - 30) + 0.24 * cosine(2 * at) + 0.32 * cosine(3 * at + 6) - 0.2 * cosine(4 * at - 63)
    sl = 1 + 0.015 * (middle - 50) ** 2 / sqrt(20 + (middle - 50) ** 2)
    sc, sh = 1 + 0.045 * mean, 1 + 0.015 * mean * t
    turned = -2 * sqrt(mean**7 / (mean**7 + 25**7)) * sin(radians(60 * exp(-(((at - 275) / 25) ** 2))))
    parts = lightness / sl, chroma / sc, hue / sh
    return sqrt(sum(part**2 for part in parts) + turned * parts[1] * parts[2])


def cosine(angle):
    return cos(radians(angle))


def test_distances_are_those_of_the_formulas_authors():
    # Pairs 1, 7, 9, 13, 17 and 25 of their supplementary test data.
    for one, other, distance in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHTS)
def test_classes_are_told_apart_on_any_photo_by_every_colour_vision(sight):
    """And none is taken for another: on black and on white alike a mask is nearest to its own colour in the legend."""
    matrix = np.array(SIGHTS[sight])
    legend = {label.name: cielab(label.distinct, matrix) for label in CLASSES}
    for one, other in combinations(legend, 2):
        assert ciede2000(legend[one], legend[other]) > 11, alike(one, other, sight)
    for photo in (0, 255):
        for label in CLASSES:
            seen = cielab(OPACITY * np.array(label.distinct) + (1 - OPACITY) * photo, matrix)
            distances = {name: ciede2000(seen, colour) for name, colour in legend.items()}
            nearest = min(value for name, value in distances.items() if name != label.name)
            assert nearest - distances[label.name] > 1.5, (
                f"with {sight} vision a mask of {label.name} over {'white' if photo else 'black'} comes too near "
                "another class's colour in the legend: give one another `distinct` colour"
            )


def test_masks_are_laid_on_photos_as_the_test_has_it():
    state = (PAGE_DIR / "modules" / "state.js").read_text(encoding="utf-8")
    assert f"opacity: {OPACITY}," in state
    assert 'palette: "distinct"' in state
