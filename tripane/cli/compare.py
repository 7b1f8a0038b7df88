"""`tripane compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tripane.cli import gates, words
from tripane.cli.options import ModelsDir
from tripane.cli.progress import bar
from tripane.comparison import Comparison, Options, report

INTERRUPTED = 130

Given = Annotated[list[Path], typer.Argument(help="Photos, or folders of them.", show_default=False)]
Out = Annotated[Path, typer.Option(help="The folder of the report.", show_default=True)]
Models = Annotated[str, typer.Option(help="Models by name, separated by commas; all if not given.")]
Truth = Annotated[Path | None, typer.Option(help="Folder of label maps: NAME.png, NAME.labels.png or NAME_*.png.")]
Labels = Annotated[str, typer.Option(help="What label maps hold: a preset (`tripane labels`) or a mapping file.")]
Chance = Annotated[Path | None, typer.Option(help="A calibration that `tripane calibrate` made for your models.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes; as many as there are CPUs if 0.")]
Url = Annotated[str, typer.Option(help="Ask a running system, such as http://127.0.0.1:8080/, not models here.")]
Resume = Annotated[bool, typer.Option(help="Continue a report: what is done is not repeated.")]
Stress = Annotated[
    bool,
    typer.Option(
        "--stress", help="Ask again for each photo made worse in 8 ways, 5 severities each: 40 times the time."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(help="Exit with 3 where a model is below, as miou=0.6 or swiftnet.miou=0.6. May be repeated."),
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("compare")(compare)


def compare(
    photos: Given,
    out: Out = Path("report"),
    models: Models = "",
    truth: Truth = None,
    labels: Labels = "tripane",
    chance: Chance = None,
    jobs: Jobs = 0,
    url: Url = "",
    resume: Resume = False,
    as_json: Json = False,
    fail_under: FailUnder = None,
    models_dir: ModelsDir = None,
    stress: Stress = False,
) -> None:
    """Run models over photos and make a report: index.html, results.csv and label maps.

    Exit codes: 0 done, 1 no photo could be read, 2 the request cannot be carried out, 3 below --fail-under,
    130 interrupted (finished photos are kept: continue with --resume).
    """
    limits = [gates.parse(limit, scored=truth is not None) for limit in fail_under or []]
    comparison = Comparison(
        photos, Options(out, split(models), truth, labels, chance, jobs, resume, url, models_dir, stress)
    )
    interrupted = False
    try:
        with bar(len(comparison.asked), comparison.done) as shown:
            for record in comparison.run():
                shown.advance(record)
    except KeyboardInterrupt:
        interrupted = True
    summary = report(out)
    print(json.dumps(summary) if as_json else words.summary(summary, out))
    raise typer.Exit(INTERRUPTED if interrupted else _code(summary, limits))


def split(names: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


def _code(summary: dict[str, Any], limits: list[gates.Gate]) -> int:
    if not any(model["answered"] for model in summary["models"]):
        return 1
    failures = [failure for limit in limits for failure in limit.failures(summary)]
    for failure in failures:
        typer.echo(failure, err=True)
    return 3 if failures else 0
