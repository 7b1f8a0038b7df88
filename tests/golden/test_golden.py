"""The committed weights answer as they did when they were committed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from shared.contracts.card import load_cards
from tests.golden.maps import PICTURES, answer, golden


@pytest.mark.parametrize("sample", PICTURES)
@pytest.mark.parametrize("card", load_cards().values(), ids=lambda card: card.name)
def test_the_label_map_is_the_golden_one(card, sample):
    expected = np.asarray(Image.open(golden(card, sample)))
    assert (answer(card, sample) == expected).mean() >= 0.999
