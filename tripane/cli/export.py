"""`tripane export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tripane.export import FORMS
from tripane.export import export as write


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("export")(export)


def export(
    report: Annotated[Path, typer.Argument(help="The folder of a report.")],
    form: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(FORMS)}.")],
    out: Annotated[Path, typer.Option(help="An empty folder to write to.")],
    model: Annotated[str, typer.Option(help="Whose answers; what most models answer if not given.")] = "",
    below: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Only photos that are this likely right, or agreed on, or less: what to label."
        ),
    ] = 1.0,
) -> None:
    """Hand label maps on to CVAT, Label Studio, COCO's tools, or numpy; most doubtful photos first."""
    photos = write(report, form, out, model, below)
    print(f"{out}: {photos} photos.")
