"""The chance of being right: votes are counted rightly, a fit recovers what is so, the table that ships is sound."""

from __future__ import annotations

import json

import numpy as np
import pytest

from shared.chance import table
from shared.chance.table import Chance, Tally
from shared.chance.votes import count_votes
from tests.support.shipped import MODELS


def test_votes_are_counted_by_answer():
    labels = np.array([[1, 1, 1], [1, 2, 2], [1, 2, 3]], np.uint8)
    confidence = np.array([[90, 200, 10], [120, 50, 30], [150, 70, 20]], np.uint8)
    votes = count_votes(labels, confidence)
    assert votes.count.tolist() == [[3, 1, 1], [3, 2, 1], [3, 2, 1]]
    assert votes.confidence.tolist() == [[120, 200, 10], [120, 60, 30], [120, 60, 20]]
    assert votes.wins.tolist() == [[True, False, False], [True, True, True], [True, True, False]]
    assert votes.winner(labels).tolist() == [1, 2, 2]


def answers(pixels: int, seed: int = 0):
    """Three models over `pixels`: right with a chance that is their confidence."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 11, pixels)
    sure = random.uniform(0.3, 1.0, (3, pixels))
    right = random.random((3, pixels)) < sure
    labels = np.where(right, truth, (truth + random.integers(1, 11, (3, pixels))) % 11).astype(np.uint8)
    return labels, (sure * 255).round().astype(np.uint8), right


def test_a_fit_foretells_how_often_answers_of_other_photos_are_right():
    tally = Tally()
    tally.add(*answers(200_000))
    chance = tally.fit()
    labels, confidence, right = answers(200_000, seed=1)
    for models in (2, 3):
        votes = count_votes(labels[:models], confidence[:models])
        foretold = chance.of(votes)
        for low in (0.1, 0.3, 0.5, 0.7, 0.9):
            here = (foretold >= low) & (foretold < low + 0.2)
            if here.sum() > 2000:
                assert right[:models][here].mean() == pytest.approx(foretold[here].mean(), abs=0.05)
    agreed = chance.lookup(3)
    assert agreed[1, 3, 200] > agreed[1, 2, 200] > agreed[0, 1, 200]


def test_a_row_never_falls_with_confidence_whatever_was_counted():
    tally = Tally()
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, (3, 5000)).astype(np.uint8)
    tally.add(labels, random.integers(0, 256, labels.shape).astype(np.uint8), random.random(labels.shape) < 0.5)
    for row in tally.fit().rows.values():
        assert (np.diff(row) >= 0).all()


def test_an_answer_that_is_outvoted_is_never_likelier_right_than_one_as_sure_that_wins():
    tally = Tally()
    labels = np.tile(np.array([[0, 0, 0], [0, 0, 1], [1, 0, 2]], np.uint8), 5000)  # outvoted, all agree, none does
    sure = np.full(labels.shape, 250, np.uint8)
    tally.add(labels, sure, labels == 1)  # by chance the one that is outvoted is right
    for chance in (tally.fit(), table.load()):
        lookup = chance.lookup(3)
        assert (lookup[0, 1] <= np.maximum(lookup[1, 1], lookup[1, 2]) + 1e-9).all()


def test_one_model_has_its_own_confidence_as_its_chance():
    confidence = np.array([[0, 51, 255]], np.uint8)
    chance = table.load().of(count_votes(np.zeros((1, 3), np.uint8), confidence))
    assert chance.tolist() == [pytest.approx([0, 0.2, 1])]


def test_more_models_are_read_by_the_share_that_agrees():
    chance = table.load()
    three, six = chance.lookup(3), chance.lookup(6)
    np.testing.assert_allclose(six[:, 2::2], three[:, 1:])
    assert (six[1, 5] >= three[1, 2] - 1e-9).all()


def test_the_table_that_ships_covers_the_models_and_more_agreement_is_worth_more():
    chance = table.load()
    assert chance.covers(MODELS)
    assert not chance.covers(["enet", "mine"])
    assert chance.figures["ECE"] < 0.05
    lookup = chance.lookup(3)[1]
    assert (lookup[3, 100:] > lookup[2, 100:]).all()


def test_a_table_survives_json_and_a_broken_one_says_what_is_wrong():
    document = json.loads(json.dumps(table.load().document()))
    assert Chance.from_document(document).document() == document
    for change, message in (
        ({"rows": []}, "without the row"),
        ({"rows": [{}]}, "not a table of chances"),
        ({"rows": [row | {"chance": [2] * 16} for row in document["rows"]]}, "16 numbers from 0 to 1"),
    ):
        with pytest.raises(ValueError, match=message):
            Chance.from_document(document | change)
