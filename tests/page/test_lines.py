"""The lines of eight models can be told apart by their colours, on the page and in a report, light and dark."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from shared.paths import PAGE_DIR, ROOT
from tests.palette.colour_vision import SIGHTS, oklab

MANY = 8
APART = 0.09
"""In OKLab: somewhat more than it takes to tell two thin lines apart when each has a name or a swatch beside it."""


def curves() -> list[list[str]]:
    """The page's colours by theme, of the models in their order, and last of what all agree on."""
    css = (PAGE_DIR / "style" / "live.css").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"\.curves \.of-(\d) \{\s*color: light-dark\(([^)]+)\)", css))
    base = (PAGE_DIR / "style" / "base.css").read_text(encoding="utf-8")
    themes = zip(*(pair.split(", ") for _, pair in sorted(pairs.items())), strict=True)
    return [[*theme, ink] for theme, ink in zip(themes, re.findall(r"--ink: (#\w+);", base), strict=True)]


def lines() -> list[str]:
    """The report's colours, the same for both themes."""
    script = (ROOT / "tripane" / "report_page" / "stress.js").read_text(encoding="utf-8")
    return re.findall(r"#\w{6}", re.findall(r"const LINES = \[.*?\]", script, re.DOTALL)[0])


@pytest.mark.parametrize(("colours", "more"), [(curves()[0], 1), (curves()[1], 1), (lines(), 0)])
def test_lines_of_eight_models_can_be_told_apart(colours: list[str], more: int):
    assert len(colours) == MANY + more
    seen = [oklab(tuple(bytes.fromhex(colour[1:])), SIGHTS["normal"]) for colour in colours]
    near = [float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)]
    assert min(near) >= APART
