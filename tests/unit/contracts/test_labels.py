"""The classes' colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from shared.contracts.labels import CLASSES

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
        assert np.linalg.norm(seen[one] - seen[other]) > 0.115, (one, other)
