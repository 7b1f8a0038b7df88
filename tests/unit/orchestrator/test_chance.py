"""The chance of being right of a whole photo, as the API says it, against the tool's own over every pixel."""

from __future__ import annotations

import numpy as np
import pytest

from functions.orchestrator.chance import chance_right, read_confidence
from shared.chance import table
from shared.chance.votes import count_votes
from shared.inference.confidence import enlarged
from shared.inference.encode import encode_gray, encode_labels
from shared.map_png import MapError
from tests.support.shipped import MODELS

SIZE = (1200, 800)


def answers() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Blocks of classes, on some of which the models differ, and confidence that falls from left to right."""
    random = np.random.default_rng(0)
    blocks = random.integers(0, 11, (8, 12))
    labels, confidence = {}, {}
    for model in MODELS:
        mine = np.where(random.random(blocks.shape) < 0.2, random.integers(0, 11, blocks.shape), blocks)
        labels[model] = np.kron(mine, np.ones((100, 100))).astype(np.uint8)
        confidence[model] = np.tile(np.linspace(250, 120, 150), (100, 1)).astype(np.uint8)
    return labels, confidence


def test_it_is_what_every_pixel_says_within_a_thousandth() -> None:
    labels, confidence = answers()
    votes = count_votes(
        np.stack(list(labels.values())), np.stack([enlarged(confidence[model], SIZE) for model in MODELS])
    )
    assert chance_right(labels, confidence) == pytest.approx(votes.winner(table.load().of(votes)).mean(), abs=0.001)


def test_fewer_that_agree_are_less_likely_right() -> None:
    labels, confidence = answers()
    same = dict.fromkeys(MODELS, labels[MODELS[0]])
    assert (chance_right(same, confidence) or 0) > (chance_right(labels, confidence) or 1)


def test_a_single_model_and_one_that_the_table_does_not_know_get_none() -> None:
    labels, confidence = answers()
    assert chance_right({MODELS[0]: labels[MODELS[0]]}, confidence) is None
    assert chance_right({**labels, "mine": labels[MODELS[0]]}, {**confidence, "mine": confidence[MODELS[0]]}) is None


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        encode_labels(np.zeros((8, 8), np.uint8)),
        encode_gray(np.zeros((8, 8), np.uint8))[:44],
        encode_gray(np.zeros((8, 600), np.uint8)),
    ],
)
def test_what_is_no_confidence_map_is_told_apart(png: bytes) -> None:
    with pytest.raises(MapError):
        read_confidence(png)
