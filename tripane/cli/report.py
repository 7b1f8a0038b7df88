"""`tripane report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tripane.cli import words
from tripane.comparison import report


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("report")(make)


def make(
    folder: Annotated[Path, typer.Argument(help="The folder of a report.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Make index.html and results.csv of a report anew."""
    summary = report(folder)
    print(json.dumps(summary) if as_json else words.summary(summary, folder))
