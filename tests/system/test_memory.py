"""The least memory that an operator may give a model is enough for the photo that takes most."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from infra.settings import MEMORY_MB
from shared.contracts.card import load_cards
from shared.contracts.limits import MAX_PIXELS

MEASURE = """
import sys
from pathlib import Path
from functions.segmenter.process import peak_memory_mb
from shared.contracts.card import load_card
from shared.inference.model import read_model
from shared.inference.segment import segment
from shared.paths import ASSETS_DIR, MODELS_DIR

segment(Path(sys.argv[2]).read_bytes(), read_model(load_card(MODELS_DIR / sys.argv[1]), ASSETS_DIR))
print(peak_memory_mb())
"""


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a photo of as many pixels as are taken, with transparency, in a few kilobytes."""
    path = tmp_path_factory.mktemp("largest") / "largest.webp"
    side = int(MAX_PIXELS**0.5)
    Image.new("RGBA", (side, side)).save(path, lossless=True)
    return path


@pytest.mark.parametrize("model", load_cards())
def test_the_largest_photo_fits_into_the_least_memory_with_a_tenth_to_spare(model: str, largest: Path) -> None:
    run = subprocess.run([sys.executable, "-c", MEASURE, model, largest], capture_output=True, text=True, check=True)
    assert 500 < float(run.stdout) < MEMORY_MB[0] * 0.9
