"""Documents read well as they stand: no line to scroll for, no link that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.paths import DOCS_DIR, ROOT

READMES = [ROOT / "tests" / "README.md", ROOT / "assets" / "samples" / "README.md"]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS_DIR.glob("*.md")), *READMES]
MOST = 120
CODE = 100
"""Code is not wrapped, and a forge's column is no wider."""
COLUMNS = 9


def lines(document: Path) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code; tables, pictures and diagrams are a browser's to fit."""
    text = re.sub(r"^```mermaid$.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    code = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            code = not code
        elif not line.startswith(("|", "!", "<img")):
            yield line, code


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_line_is_longer_than_a_screen_is_wide(document: Path) -> None:
    assert not [line for line, code in lines(document) if len(line) > (CODE if code else MOST) and " " in line[:MOST]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_table_has_more_columns_than_a_page_shows(document: Path) -> None:
    heads = re.findall(r"^(\|.*\|)\n\|[ :|-]+\|$", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert not [head for head in heads if head.count("|") - 1 > COLUMNS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
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
