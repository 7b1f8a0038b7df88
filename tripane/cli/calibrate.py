"""`tripane calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from tripane import calibration, comparison, photos
from tripane import models as local
from tripane.cli.compare import Labels, Models, split
from tripane.cli.options import ModelsDir
from tripane.errors import UsageError
from tripane.plain import plain
from tripane.truth import mapping as mappings


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("calibrate")(calibrate)


def calibrate(
    folder: Annotated[list[Path], typer.Argument(help="Photos, or folders of them, that no model was trained on.")],
    truth: Annotated[Path, typer.Option(help="Folder of their label maps.")],
    labels: Labels = "tripane",
    models: Models = "",
    out: Annotated[Path, typer.Option(help="Where to write the calibration.")] = Path("chance.json"),
    models_dir: ModelsDir = None,
) -> None:
    """Fit the chance of being right to your models, on photos with truth.

    Hand the file to `tripane compare --chance`, and its reports say with what chance an answer is right.
    """
    if out.is_dir():
        raise UsageError(f"{out} is a folder: --out takes the file to write.")
    there = local.local(split(models), models_dir)
    mapping = mappings.load(labels)
    root, found = photos.find(folder)
    left, pairs = comparison.paired(found, root, truth, mapping)
    ready = local.load(there.values())
    console = Console(stderr=True)
    samples = []
    for photo in track(
        [p for p in left if p.path in pairs.labels], "", console=console, disable=not console.is_terminal
    ):
        try:
            samples.append(calibration.sample(photo, pairs.labels[photo.path], mapping, ready))
        except calibration.UNUSABLE as error:
            console.print(plain(f"{photo.name}: {error}"), highlight=False, markup=False)
    chance = calibration.fit(samples, list(there), source=f"{len(samples)} photos of {root.name}")
    calibration.save(chance, out)
    by_photo = chance.figures["mean error of a photo's pixel accuracy"]
    print(f"{out}: fitted on {len(samples)} photos; on photos it was not fitted on, a pixel's chance is off by")
    print(f"{chance.figures['ECE']:.1%} on average (ECE), and a photo's pixel accuracy by {by_photo:.1%}.")
