"""Photos as a network sees them, to calibrate its int8 file and to score what that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.card import Card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.pixels import input_size, pixels
from shared.inference.upsample import upsample
from training.data.datasets import Example, StreetSet
from training.scoring.metrics import Scores

Floats = NDArray[np.float32]
CALIBRATION = 12
"""Photos of each data set that ranges are taken from, evenly spaced in order of name."""


def calibration(sets: Sequence[StreetSet], card: Card) -> Iterator[Floats]:
    """A few photos of each set, 1×3×H×W."""
    for data in sets:
        for example in _spaced(data.examples, CALIBRATION):
            yield seen(example, card)


def scores(network: Callable[[Floats], Floats], card: Card, data: StreetSet, limit: int) -> Scores:
    """Score a network, from 1×3×H×W to logits 1×classes×h×w, on so many photos of a set."""
    found = Scores(len(CLASS_NAMES))
    for example in _spaced(data.examples, limit):
        height, width = example.label.shape
        found.add(upsample(network(seen(example, card))[0], (width, height)), data.may_be[example.label])
    return found


def seen(example: Example, card: Card) -> Floats:
    """A photo as its network sees it."""
    image = Image.fromarray(example.image)
    return pixels(image, input_size(*image.size, card.input), card.input)


def _spaced(examples: Sequence[Example], number: int) -> Sequence[Example]:
    return examples[:: max(1, len(examples) // number)][:number]
