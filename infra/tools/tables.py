"""Tables of docs/operations.md that commands write."""

from __future__ import annotations

import re

from shared.paths import DOCS_DIR

DOCUMENT = DOCS_DIR / "operations.md"


def put(table: str) -> None:
    """Put `table` in the place of the one that has the same first line; raises `LookupError` when there is none."""
    head, _ = table.split("\n", 1)
    text, found = re.subn(
        re.escape(head) + r"\n(?:\|.*\n)*", lambda _: table, DOCUMENT.read_text(encoding="utf-8"), count=1
    )
    if not found:
        raise LookupError(f"{DOCUMENT} has no table that begins with {head}")
    DOCUMENT.write_text(text, encoding="utf-8")
