"""`tripane diff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tripane import difference
from tripane.cli.compare import Json, split
from tripane.plain import plain


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("diff")(diff)


def diff(
    before: Annotated[Path, typer.Argument(help="A report.")],
    after: Annotated[Path, typer.Argument(help="A report of the same photos.")],
    models: Annotated[
        str, typer.Option(help="old:new, separated by commas; those of the same name if not given.")
    ] = "",
    fail_if_worse: Annotated[
        bool, typer.Option(help="Exit with 3 where mIoU fell beyond chance, or is not known for a photo any more.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Did it get better? On which photos, and beyond chance?

    Intervals are by paired bootstrap: both reports' figures over the same draws of the photos that both have.
    """
    found = difference.compare(before, after, split(models))
    print(json.dumps(found) if as_json else "\n".join(_lines(found)))
    if fail_if_worse and (failures := [words for model in found["models"] if (words := _failure(model))]):
        for failure in failures:
            typer.echo(failure, err=True)
        raise typer.Exit(3)


def _failure(model: dict[str, Any]) -> str | None:
    """Why `--fail-if-worse` does not let a model pass; nobody has shown that one without scores is no worse."""
    if model["lost"]:
        return f"{model['after']}: {model['lost']} photos that were scored before are not any more."
    if "miou" not in model:
        return f"{model['after']}: its mIoU is not known in both reports."
    return f"{model['after']}: its mIoU fell beyond chance." if model["miou"]["verdict"] == "worse" else None


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['photos']} photos in both reports."]
    for key, words in (("only_before", "only before"), ("only_after", "only after")):
        if found[key]:
            lines.append(f"{len(found[key])} {words}, such as {plain(found[key][0])}.")
    for model in found["models"]:
        name = model["before"] if model["before"] == model["after"] else f"{model['before']} → {model['after']}"
        lost = f", {model['lost']} of those scored before are not any more" if model["lost"] else ""
        lines += ["", f"{name}, {model['compared']} photos{lost}"]
        figures = {key: model[key] for key in ("miou", "pixel_accuracy", "chance_right") if key in model}
        figures |= {f"IoU {key}": value for key, value in model.get("iou", {}).items()}
        lines += [
            f"  {key:18} {value['value']:+.4f}  ({value['low']:+.4f} to {value['high']:+.4f})  {value['verdict']}"
            for key, value in figures.items()
        ]
        for key in ("worse", "better"):
            if model.get(key):
                named = ", ".join(f"{plain(entry['photo'])} {entry['change']:+.3f}" for entry in model[key][:5])
                lines.append(f"  {key}: {named}")
    return lines
