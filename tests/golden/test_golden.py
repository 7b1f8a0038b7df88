"""The committed weights answer as they did when they were committed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import load_cards
from tests.golden.maps import SHA256, answer, golden, weights

REMEDY = "`python -m tests.golden.maps` writes them down; look at them, and commit them with what changed"


@pytest.mark.parametrize("sample", SHA256)
@pytest.mark.parametrize("card", load_cards().values(), ids=lambda card: card.name)
def test_the_label_map_is_the_golden_one(card, sample):
    if not weights(card).exists():
        pytest.skip(f"{card.name} has no weights yet")
    assert golden(card, sample).exists(), f"{card.name} has no golden maps: {REMEDY}"
    with Image.open(golden(card, sample)) as expected:
        assert expected.info["weights"] == card.weights_sha256, f"the golden maps are of other weights: {REMEDY}"
        assert expected.info["sample"] == SHA256[sample], f"the golden maps are of other samples: {REMEDY}"
        assert (answer(card, sample) == np.asarray(expected)).mean() >= 0.999
