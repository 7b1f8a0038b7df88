"""The command `tripane`: a module for each of its commands."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import typer

from shared.full_disk import is_disk_full
from tripane.cli import batch, calibrate, compare, diff, export, lists, own, report
from tripane.errors import UsageError
from tripane.plain import plain

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="See what segmentation models make of your photos: a folder in, a report out.",
)
for module in (compare, batch, report, diff, export, calibrate, own, lists):
    module.add_to(app)


def main() -> None:
    """Run the command; a user's mistake, or a full disk, is reported in one sentence, with exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a path may hold bytes that are no text
    try:
        app()
    except UsageError as error:
        said = str(error)
    except OSError as error:
        if is_disk_full(error):
            said = "The disk is full. Make room, then continue the report with --resume."
        elif error.strerror and error.filename:
            said = f"{error.strerror}: {error.filename}"
        else:
            raise
    else:
        return
    print("tripane:", "\n".join(map(plain, said.split("\n"))), file=sys.stderr)
    raise SystemExit(2)
