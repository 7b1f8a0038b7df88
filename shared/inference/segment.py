"""The whole job: a photo in, label map and confidence out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASSES
from shared.contracts.limits import result_size
from shared.inference.confidence import confidence
from shared.inference.decode import decode, open_image, upright_size
from shared.inference.encode import encode_gray, encode_labels
from shared.inference.model import Model
from shared.inference.pixels import decoded_long_side, input_size, pixels
from shared.inference.street import street_of
from shared.inference.upsample import upsample
from shared.stopwatch import Stopwatch


@dataclass(frozen=True)
class Maps:
    """A model's answer to one photo: maps as PNG, what they hold, and how long each stage took.

    `size` is width and height of the label map in px; the confidence map is smaller, as fine as the network's answer.
    `shares` is the share of pixels of each class by its id, `mean_confidence` from 0 to 1, `timings_ms` milliseconds of
    decode, preprocess, network, postprocess and encode. `street_log_odds` is how much the photo looks like a street
    (`shared.inference.street`), None for a network that this is not fitted to.
    """

    size: tuple[int, int]
    labels_png: bytes = field(repr=False)
    confidence_png: bytes = field(repr=False)
    shares: tuple[float, ...]
    mean_confidence: float
    timings_ms: Mapping[str, float]
    street_log_odds: float | None = None


def segment(photo: bytes, model: Model) -> Maps:
    """What `model` makes of `photo`, the bytes of a JPEG, PNG or WebP; raises `ProblemError` when it is none."""
    watch, card = Stopwatch(), model.card
    with watch.stage("decode"):
        upright = upright_size(open_image(photo))
        size, seen = result_size(*upright), input_size(*upright, card.input)
        image = decode(photo, decoded_long_side(seen))
    coarse = coarse_logits(image, model, seen, watch)[0]
    with watch.stage("postprocess"):
        labels, sure = upsample(coarse, size), confidence(coarse, card.temperature)
        counts = Image.fromarray(labels).histogram()[: len(CLASSES)]
        mean_confidence = float(sure.mean()) / 255
        street = street_of(card)
        log_odds = street.log_odds(coarse) if street else None
    with watch.stage("encode"):
        labels_png, confidence_png = encode_labels(labels), encode_gray(sure)
    shares = tuple(count / labels.size for count in counts)
    return Maps(size, labels_png, confidence_png, shares, mean_confidence, watch.timings_ms, log_odds)


def label(image: Image.Image, model: Model) -> NDArray[np.uint8]:
    """A decoded photo's label map, height×width, at the photo's own size."""
    return upsample(coarse_logits(image, model)[0], image.size)


def coarse_logits(
    image: Image.Image, model: Model, size: tuple[int, int] | None = None, watch: Stopwatch | None = None
) -> NDArray[np.float32]:
    """A decoded photo's logits, 1×classes×h×w at the network's own stride.

    The network sees the photo at `size` (width, height in px), or at what the card says for a photo as large as this.
    `watch` times the stages preprocess and network.
    """
    policy, watch = model.card.input, watch or Stopwatch()
    with watch.stage("preprocess"):
        seen = pixels(image, size or input_size(*image.size, policy), policy)
    with watch.stage("network"):
        return model.engine.run(seen)
