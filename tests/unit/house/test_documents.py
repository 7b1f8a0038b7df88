"""Documents read well as they stand: no line to scroll for, no link that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.paths import DOCS_DIR, ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS_DIR.glob("*.md")), ROOT / "tests" / "README.md"]
MOST = 120
CODE = 130
"""A command may be a little longer: broken lines are hard to copy."""


def lines(document: Path) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code; tables and pictures are a browser's to fit."""
    code = False
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            code = not code
        elif not line.startswith(("|", "!", "<img")):
            yield line, code


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_line_is_longer_than_a_screen_is_wide(document: Path) -> None:
    assert not [line for line, code in lines(document) if len(line) > (CODE if code else MOST) and " " in line[:MOST]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for address, _, section in re.findall(r"\]\(([^)\s#]*)(#([^)\s]+))?\)", text):
        if address.startswith(("http:", "https:", "mailto:")):
            continue
        target = (document.parent / address).resolve() if address else document
        assert target.exists(), f"{address} is not there"
        if section and target.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert section in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, section
