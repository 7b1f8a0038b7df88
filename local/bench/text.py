"""Tables and figures as docs/performance.md has them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any


def paragraph(text: str) -> str:
    """A paragraph, wrapped as the documents are."""
    return textwrap.fill(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left and all others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def milliseconds(ms: float) -> str:
    """A time with as many digits as are worth reading."""
    return f"{ms:.1f}" if ms < 10 else f"{ms:,.0f}"


def spread(values: Sequence[Any]) -> str:
    """The median of a `Spread` of milliseconds, and its quartiles."""
    median, low, high = (milliseconds(value) for value in values[:3])
    return f"{median} ({low}-{high})"


def times(values: Sequence[Any]) -> str:
    """The median of a `Spread` of ratios, and its quartiles."""
    median, low, high, _ = values
    return f"{median:.2f} ({low:.2f}-{high:.2f})"
