"""`robustness.md`: what models keep when photos get worse, as a document to share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.stress import KINDS, SEVERITIES

FILE = "robustness.md"
_LEAD = """# Robustness

How well each model copes with corrupted photos, by `tripane compare --stress` ({photos} photos of {folder}, at a short
side of 512 px): eight corruptions at {severities} severities each. `shared/stress` names the publications that they
follow; night and rain are our own.
"""
_SAME = """
## Against its own clean answer

Share of pixels where the answer is the same as for the clean photo. This needs no labels; it says how stable a model
is, not how accurate.
"""
_RIGHT = """
## Against the truth

Mean IoU over all photos together ({labels}).
"""


def write(report: Path, summary: dict[str, Any]) -> None:
    """Write the document beside the report's page."""
    # A folder's name may hold bytes that are no text.
    (report / FILE).write_text(text(summary), encoding="utf-8", errors="backslashreplace")


def text(summary: dict[str, Any]) -> str:
    """The document of a summary that has `stress`."""
    stress = summary["stress"]
    titles = {model["name"]: model["title"] for model in summary["models"]}
    folder = Path(summary["folder"])
    photos = max(found["photos"] for found in stress.values())
    made = _LEAD.format(photos=photos, folder=f"`{folder.name}`", severities=len(SEVERITIES))
    made += _SAME + _tables(stress, titles, "same", "{:.1%}")
    if any(found["clean_miou"] is not None for found in stress.values()):
        made += _RIGHT.format(labels=summary["labels"]) + _tables(stress, titles, "miou", "{:.3f}")
    return made


def _tables(stress: dict[str, Any], titles: dict[str, str], figure: str, form: str) -> str:
    """A table of means over severities, then one for each model."""
    names = [name for name in stress if stress[name]["kinds"]]
    rows = [["clean", *(_cell(form, stress[name]["clean_miou"]) for name in names)]] if figure == "miou" else []
    means = {name: [_mean(stress[name]["kinds"][kind][figure]) for kind in KINDS] for name in names}
    rows += [[title, *(_cell(form, means[name][at]) for name in names)] for at, title in enumerate(KINDS.values())]
    rows.append(["**mean of all**", *(f"**{_cell(form, _mean(means[name]))}**" for name in names)])
    made = _table(["mean over severities", *(titles[name] for name in names)], rows)
    for name in names:
        by_severity = [
            [title, *(_cell(form, value) for value in stress[name]["kinds"][kind][figure])]
            for kind, title in KINDS.items()
        ]
        made += _table([f"{titles[name]}, by severity", *map(str, SEVERITIES)], by_severity)
    return made


def _mean(values: Sequence[float | None]) -> float | None:
    """Of those that are known: label maps may hold no class at all."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _cell(form: str, value: float | None) -> str:
    return "–" if value is None else form.format(value)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    escaped = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n" + "\n".join(f"| {' | '.join(line)} |" for line in escaped) + "\n"
