"""The whole job: a photo in, label map and confidence out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.card import Card
from shared.contracts.labels import CLASSES, IGNORE
from shared.contracts.limits import result_size
from shared.inference.confidence import confidence
from shared.inference.encode import encode_gray, encode_labels
from shared.inference.model import Model
from shared.inference.photo import Photo
from shared.inference.pixels import decoded_long_side, input_size, pixels
from shared.inference.street import street_of
from shared.inference.upsample import upsample
from shared.stopwatch import Stopwatch


@dataclass(frozen=True)
class Maps:
    """A model's answer to one photo: maps as arrays and PNG, what they hold, and how long each stage took.

    `labels` are ids of the shared classes, height×width, or `IGNORE` where the model's own class is compared as none of
    them, `own` ids of its own classes (the same array where those are the shared ones). `confidence` is 255 x the
    calibrated probability of the own class, smaller than the label map, as fine as the network's answer. `shares` is
    the share of pixels of each shared class by its id, `mean_confidence` from 0 to 1, `timings_ms` milliseconds of
    decode, preprocess, network, postprocess and encode. `street_log_odds` is how much the photo looks like a street
    (`shared.inference.street`), None for a network that this is not fitted to.
    """

    labels: NDArray[np.uint8] = field(repr=False)
    own: NDArray[np.uint8] = field(repr=False)
    confidence: NDArray[np.uint8] = field(repr=False)
    labels_png: bytes = field(repr=False)
    confidence_png: bytes = field(repr=False)
    shares: tuple[float, ...]
    mean_confidence: float
    timings_ms: Mapping[str, float]
    street_log_odds: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the label map in px."""
        return self.labels.shape[1], self.labels.shape[0]


def segment(photo: bytes | Photo, model: Model) -> Maps:
    """What `model` makes of `photo`, the bytes of a JPEG, PNG or WebP; raises `ProblemError` when it is none."""
    watch, card = Stopwatch(), model.card
    if isinstance(photo, bytes):
        with watch.stage("decode"):
            photo = Photo(photo)
    size, seen = result_size(*photo.size), input_size(*photo.size, card.input)
    image = photo.decoded(decoded_long_side(seen), watch)
    answer = coarse_logits(image, model, seen, watch)[0]
    with watch.stage("postprocess"):
        own, sure = own_labels(answer, size), served_confidence(answer, card)
        labels = shared_labels(own, card)
        counts = Image.fromarray(labels).histogram()[: len(CLASSES)]
        mean_confidence = float(sure.mean()) / 255
        street = street_of(card)
        log_odds = street.log_odds(answer) if street else None
    with watch.stage("encode"):
        labels_png, confidence_png = encode_labels(labels), encode_gray(sure)
    shares = tuple(count / labels.size for count in counts)
    return Maps(labels, own, sure, labels_png, confidence_png, shares, mean_confidence, watch.timings_ms, log_odds)


def label(image: Image.Image, model: Model) -> NDArray[np.uint8]:
    """A decoded photo's label map, height×width, at the photo's own size."""
    return shared_labels(own_labels(coarse_logits(image, model)[0], image.size), model.card)


def own_labels(answer: NDArray[Any], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A network's answer, logits classes×h×w or class ids h×w, as its own class ids at `size`, width and height."""
    if answer.ndim == 3:
        return upsample(answer, size)
    return np.asarray(Image.fromarray(answer).resize(size, Image.Resampling.NEAREST))


def shared_labels(own: NDArray[np.uint8], card: Card) -> NDArray[np.uint8]:
    """A model's own class ids as ids of the shared classes, `IGNORE` where its card has none."""
    if card.graph is None:
        return own
    shared = np.full(256, IGNORE, np.uint8)
    shared[: len(card.shared_ids)] = card.shared_ids
    return shared[own]


def served_confidence(answer: NDArray[Any], card: Card) -> NDArray[np.uint8]:
    """See `confidence`; a network that answers with classes alone does not say how sure it is, so it counts as sure."""
    if answer.ndim == 2:
        return np.full((1, 1), 255, np.uint8)
    return confidence(answer, card.temperature, card.class_weights, card.platt_scaling)


def coarse_logits(
    image: Image.Image, model: Model, size: tuple[int, int] | None = None, watch: Stopwatch | None = None
) -> NDArray[Any]:
    """A decoded photo's logits, 1×classes×h×w at the network's own stride, or what else `Engine.run` gives.

    The network sees the photo at `size` (width, height in px), or at what the card says for a photo as large as this.
    `watch` times the stages preprocess and network.
    """
    policy, watch = model.card.input, watch or Stopwatch()
    with watch.stage("preprocess"):
        seen = pixels(image, size or input_size(*image.size, policy), policy)
    with watch.stage("network"):
        return model.engine.run(seen)
