"""`tripane batch`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from shared.contracts.batch import Deployed
from tripane import models as available
from tripane.batch import answers, deployment, execution, listing
from tripane.batch.deployment import Place
from tripane.batch.estimate import Estimate, estimate
from tripane.batch.execution import Progress
from tripane.batch.listing import Stored
from tripane.cli import words
from tripane.cli.compare import INTERRUPTED, Chance, Json, Models, Out, Resume, split
from tripane.cli.progress import bar, counted
from tripane.comparison import report
from tripane.errors import UsageError
from tripane.plain import plain
from tripane.report_run import Making

STOPPED = 3
console = Console(stderr=True, highlight=False)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("batch")(batch)


def batch(
    where: Annotated[str, typer.Argument(metavar="s3://BUCKET/PREFIX", help="The photos: all below this prefix.")],
    out: Out = Path("report"),
    models: Models = "",
    limit_usd: Annotated[
        float | None, typer.Option(min=0, help="Ask for no more photos than this pays for, and stop when it is spent.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Start without asking whether to.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the run that is under way for these photos.")] = False,
    resume: Resume = False,
    at_once: Annotated[
        int, typer.Option(min=0, max=1000, help="Photos worked on at a time; half of what the account allows if 0.")
    ] = 0,
    chance: Chance = None,
    as_json: Json = False,
    stack: Annotated[str, typer.Option(help="The stack, as CloudFormation knows it.")] = "Tripane",
    region: Annotated[str, typer.Option(help="AWS's region, if not that of AWS_REGION or the profile.")] = "",
) -> None:
    """Run a deployed stack's models on every photo below a prefix of a bucket, and make the report.

    Prints cost and duration before it starts. Answers that exist are not computed again, so the same command
    continues a run that ended early, and watches one that is under way. Ctrl-C leaves a run going on AWS; --stop ends
    it, and keeps the answers so far.

    Exit codes: 0 done, 1 no photo was answered, 2 the request cannot be carried out, 3 it was stopped early
    (--limit-usd, or too many failures), 130 interrupted.
    """
    place, at = Place.parse(where), region or None
    deployed = deployment.find(stack, place, at)
    names = [*available.choose(split(models), deployed.models)]
    under_way = execution.running(deployed, place, at)
    if stop:
        _stop(under_way, place, at)
        return
    with console.status(escape(f"Looking at {place} …")):
        pictures, objects = listing.pictures(place, at)
        pictures = listing.with_answers(pictures, deployed, at)
    at_once = at_once or deployment.at_once(names, at)
    answers.making(out, place, [], deployed, names, at, at_once, chance, resume=resume)  # or why that cannot be
    told = estimate(pictures, objects, deployed, names, at_once, limit_usd)
    whole = estimate(pictures, objects, deployed, names, at_once)
    _tell(pictures, told, whole, limit_usd)
    if whole.calls and not told.calls:
        raise UsageError(f"--limit-usd {limit_usd:g} pays for no photo: one costs ${whole.usd / whole.photos:.4f}.")
    ended = None
    if under_way:
        console.print("A run is already under way; this watches it.")
    elif told.calls:
        if not (yes or _agreed()):
            raise typer.Exit(0)
        under_way = execution.start(deployed, place, names, told, at_once, at)
    if under_way:
        ended = _watch(under_way, deployed, told, limit_usd, at)
    with console.status("Looking at what was answered …"):
        pictures = listing.with_answers(pictures, deployed, at)
    made = answers.making(out, place, pictures, deployed, names, at, at_once, chance, resume=resume)
    if not made.asked and not made.done:
        console.print("No photo was answered, so there is no report: look at the execution in AWS's console.")
        raise typer.Exit(1)
    uninterrupted = _fetched(made)
    summary = report(out)
    print(json.dumps(summary) if as_json else words.summary(summary, out))
    raise typer.Exit(_code(pictures, ended) if uninterrupted else INTERRUPTED)


def _tell(pictures: Sequence[Stored], told: Estimate, whole: Estimate, limit_usd: float | None) -> None:
    """Print what there is, what it costs and how long it takes."""
    asked = [stored for stored in pictures if stored.is_asked]
    console.print(f"Photos: {len(asked):,}, of which {whole.photos:,} lack answers; calls of models: {whole.calls:,}.")
    if not whole.calls:
        return
    console.print(
        f"It costs about ${whole.usd:,.2f} and takes about {duration(whole.seconds)}, estimated for photos of 2 MP; "
        f"fetching the report moves {whole.fetched_gb:,.1f} GB, ${whole.fetched_usd:,.2f} from outside the region."
    )
    if limit_usd is not None and told.objects < whole.objects:
        console.print(f"--limit-usd {limit_usd:g} pays for {told.photos:,} of them: ${told.usd:,.2f}.")


def duration(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("It starts with --yes, or when somebody at a terminal agrees.")
    return typer.confirm("Start?", err=True)


def _stop(under_way: str | None, place: Place, region: str | None) -> None:
    if not under_way:
        raise UsageError(f"No run is under way for {place}.")
    execution.stop(under_way, "tripane batch --stop", region)
    console.print("It is stopped. Answers are kept: the same command without --stop continues.")


def _watch(
    under_way: str, deployed: Deployed, told: Estimate, limit_usd: float | None, region: str | None
) -> Progress | None:
    """Show progress until it has ended; stop it when it has spent the limit."""
    progress = None
    try:
        with counted(told.objects) as shown:
            for progress in execution.watch(under_way, deployed, told, region):
                shown(progress.done + progress.failed, _state(progress))
                if limit_usd is not None and progress.runs and progress.usd >= limit_usd:
                    execution.stop(under_way, f"--limit-usd {limit_usd:g}", region)
    except KeyboardInterrupt:
        console.print("It continues on AWS. The same command watches it again and makes the report; --stop ends it.")
        raise typer.Exit(INTERRUPTED) from None
    if progress and progress.status != "SUCCEEDED":
        why = f" ({plain(progress.reason)})" if progress.reason else ""
        console.print(f"The run ended as {progress.status}{why}, at about ${progress.usd:,.2f}.", markup=False)
    return progress


def _state(progress: Progress) -> str:
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"${progress.usd:,.2f}{failed}"


def _fetched(made: Making) -> bool:
    """Fetch what was answered; False when somebody interrupted it, and --resume goes on."""
    try:
        with bar(len(made.asked), made.done) as shown:
            for record in made.run():
                shown.advance(record)
    except KeyboardInterrupt:
        return False
    return True


def _code(pictures: Sequence[Stored], ended: Progress | None) -> int:
    if not any(stored.answered for stored in pictures):
        return 1
    if ended and ended.status != "SUCCEEDED":
        return STOPPED
    asked = [stored for stored in pictures if stored.is_asked]
    return 0 if all(stored.answered | stored.failed for stored in asked) else STOPPED
