"""The command `tripane`: a module for each of its commands."""

from __future__ import annotations

import sys

import typer

from tripane.cli import batch, calibrate, compare, diff, export, lists, own, report
from tripane.errors import UsageError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="See what segmentation models make of your photos: a folder in, a report out.",
)
for module in (compare, batch, report, diff, export, calibrate, own, lists):
    module.add_to(app)


def main() -> None:
    """Run the command; what a person did wrong is said in one sentence, with exit code 2."""
    try:
        app()
    except UsageError as error:
        print(f"tripane: {error}", file=sys.stderr)
        raise SystemExit(2) from error
