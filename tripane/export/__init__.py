"""A report's label maps in the forms that other tools read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tripane.errors import UsageError
from tripane.export import coco, cvat, label_studio, plain
from tripane.export.answers import Answers, choose

FORMS: dict[str, Callable[[Answers, Path], None]] = {
    "coco": coco.write_runs,
    "coco-polygons": coco.write_polygons,
    "cvat": cvat.write,
    "label-studio": label_studio.write,
    "png": plain.write_png,
    "npz": plain.write_npz,
}


def export(report: Path, form: str, out: Path, model: str = "", below: float = 1.0) -> int:
    """Write what `model` answered, or where none is named what most models did, for the photos of a report of which no
    more than `below` is likely right (or, where no chance is known, agreed on). Returns how many photos those are.

    Raises `UsageError`.
    """
    if form not in FORMS:
        raise UsageError(f"{form!r} is not one of the forms {', '.join(FORMS)}.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not an empty folder.")
    answers = choose(report, model, below)
    if not answers.records:
        raise UsageError("No photo of the report qualifies: none was answered, or --below is too low.")
    out.mkdir(parents=True, exist_ok=True)
    FORMS[form](answers, out)
    return len(answers.records)
