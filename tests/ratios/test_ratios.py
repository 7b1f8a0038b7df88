"""What is faster than what. Everything takes turns, medians of ratios are compared, and no bound is near what holds.

`make bench` has the figures; this only catches an engine that lost its speed, or work that grew around the networks.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
import pytest

from local.bench import engines, photos
from local.bench.timing import Budget, ratio, rounds, timed
from shared.contracts.card import load_cards
from shared.inference.model import read_model
from shared.inference.segment import segment

pytestmark = pytest.mark.ratios

CARDS = load_cards()
SECONDS = 15
OF_PYTORCH = {"enet": 1.0, "fast_scnn": 0.6, "swiftnet": 0.6}
"""The most of PyTorch's time that each may take, on one thread; a network without a bound must only be faster."""
OF_NETWORK = {"enet": 2.5, "fast_scnn": 7.0, "swiftnet": 3.5}
"""The whole of `segment` takes at most so many times the network's time."""


def budget():
    return Budget(time.perf_counter() + SECONDS)


@pytest.mark.parametrize("name", CARDS)
def test_what_serves_is_faster_than_pytorch(name):
    card = CARDS[name]
    pixels = np.random.default_rng(0).normal(size=(1, 3, 512, 1024)).astype(np.float32)
    precisions = {"onnx": card.precision, "torch": "float32"}
    passes = {engine: timed(engines.forward(engine, card, p, 1, pixels)) for engine, p in precisions.items()}
    taken = rounds(passes, budget())
    assert ratio(taken["onnx"], taken["torch"]).median < OF_PYTORCH.get(name, 1.0)


@pytest.mark.parametrize("name", CARDS)
def test_little_is_added_to_the_network(name):
    model = read_model(CARDS[name])

    def added() -> float:
        stages = segment(photos.sample(), model).timings_ms
        return sum(stages.values()) / stages["network"]

    found = rounds({name: added}, budget())[name]
    assert statistics.median(found) < OF_NETWORK.get(name, 7.0)
