"""A summary in a few lines for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tripane.plain import plain

_COLUMNS = (
    ("mIoU", "miou", "{:.3f}"),
    ("pixel acc.", "pixel_accuracy", "{:.1%}"),
    ("chance right", "chance_right", "{:.1%}"),
    ("agreement", "agreement", "{:.1%}"),
    ("confidence", "confidence", "{:.1%}"),
)
SHOWN = 10
"""Photos of a kind that are listed; the report has all of them."""


def summary(found: dict[str, Any], out: Path) -> str:
    """A line for each model, which photos and label maps could not be used, and where the report is."""
    shown = [column for column in _COLUMNS if any(model.get(column[1]) for model in found["models"])]
    lines = [["model", *(title for title, _, _ in shown), "network"]]
    for model in found["models"]:
        figures = [form.format(model[key]["value"]) if model.get(key) else "–" for _, key, form in shown]
        network = f"{model['network_ms']:.0f} ms" if model["network_ms"] is not None else "–"
        lines.append([plain(model["title"]), *figures, network])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    table = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
    unread = _listed(found["unreadable"], "could not be read:")
    unscored = _listed(found["unscored"], "without a label map that could be used (--labels: see tripane labels):")
    return "\n".join([*table, *unread, *unscored, f"The report: {out / 'index.html'}"])


def _listed(entries: list[dict[str, str]], what: str) -> list[str]:
    """How many photos these are, and the first of them, each with its reason."""
    if not entries:
        return []
    first, more = entries[:SHOWN], len(entries) - SHOWN
    lines = [plain(f"  {entry['photo']}: {entry['reason']}") for entry in first]
    return [
        f"{len(entries)} photo{'s' if len(entries) > 1 else ''} {what}",
        *lines,
        *([f"  and {more} more"] if more > 0 else []),
    ]
