"""The models that come with Tripane, without those that `tripane add` has put beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

from shared.contracts.card import load_cards
from shared.paths import MODELS_DIR

CARDS = {name: card for name, card in load_cards().items() if not card.graph}
MODELS = list(CARDS)


def copy(folder: Path) -> Path:
    """Make a folder of these models alone: cards and networks, without weights."""
    for name in MODELS:
        shutil.copytree(MODELS_DIR / name, folder / name)
    return folder
