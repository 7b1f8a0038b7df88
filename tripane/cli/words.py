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


def summary(found: dict[str, Any], out: Path) -> str:
    """A line for each model, what could not be read, and where the report is."""
    shown = [column for column in _COLUMNS if any(model.get(column[1]) for model in found["models"])]
    lines = [["model", *(title for title, _, _ in shown), "network"]]
    for model in found["models"]:
        figures = [form.format(model[key]["value"]) if model.get(key) else "–" for _, key, form in shown]
        network = f"{model['network_ms']:.0f} ms" if model["network_ms"] is not None else "–"
        lines.append([plain(model["title"]), *figures, network])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    table = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
    unread = [plain(f"  {entry['photo']}: {entry['reason']}") for entry in found["unreadable"][:10]]
    if unread:
        more = len(found["unreadable"]) - len(unread)
        unread = [
            f"{len(found['unreadable'])} photos could not be read:",
            *unread,
            *([f"  and {more} more"] if more else []),
        ]
    return "\n".join([*table, *unread, f"The report: {out / 'index.html'}"])
