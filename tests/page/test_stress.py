"""The page's ways to make a photo worse, held to `shared.stress`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from shared.paths import PAGE_DIR, SAMPLES_DIR
from shared.stress import KINDS, SEVERITIES, stress
from tests.support.node import node
from tests.support.twins import Twins

pytestmark = pytest.mark.skipif(node() is None, reason="the page's modules are run by node, which is not here")


def photos() -> dict[str, NDArray[np.uint8]]:
    """A street, small, and noise of an awkward size."""
    with Image.open(SAMPLES_DIR / "sunny_brick.jpg") as street:
        small = np.asarray(street.convert("RGB").resize((512, 256)))
    return {"street": small, "noise": np.random.default_rng(3).integers(0, 256, (37, 53, 3), np.uint8)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_made_as_bad_as_in_python(kind: str, tmp_path: Path):
    twins, expected = Twins(tmp_path), []
    for name, photo in photos().items():
        for severity in SEVERITIES:
            short_side = 512 if name == "noise" else None  # a part of a larger photo
            expected.append((name, severity, stress(photo, kind, severity, 7, short_side)))
            more = [short_side] if short_side else []
            twins.ask("stress/stress.js", "stress", [twins.photo(photo), kind, severity, 7, *more])
    for (name, severity, there), flat in zip(expected, twins.answers(), strict=True):
        here = flat.reshape(*there.shape[:2], 4)
        assert (here[..., 3] == 255).all()
        near = np.abs(here[..., :3].astype(int) - there).max(-1) <= 1
        assert near.mean() >= 0.999, (name, severity, near.mean())


def test_the_page_names_every_kind():
    script = (PAGE_DIR / "modules" / "stress" / "stress.js").read_text(encoding="utf-8")
    for kind, title in KINDS.items():
        assert f'{kind}: "{title}",' in script
