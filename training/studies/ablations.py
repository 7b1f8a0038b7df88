"""Find out what matters: short runs that differ from one base in one thing, scored on a CamVid drive none of them saw.

    python -m training.studies.ablations
    python -m training.studies.ablations --only base "crops at random"
    python -m training.studies.ablations --soft runs/soft-held-out --rendered runs/scenes   # rows that need these, too

Runs that are done are not run again, and one that was stopped goes on, so the same command resumes. Prints a table for
docs/studies.md. A short run shows the direction of an effect, not its size: what pays off late (long schedules,
Lovász) looks worse than it is. A difference smaller than that between two seeds is noise.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from shared import paths
from training.data import datasets

DRIVE = "0006R0"
BASES = {
    "fast_scnn": {"--crop": "256 352", "--learning-rate": "3e-3", "--class-weight": "0.2", "--ema": "0.99"},
    "swiftnet": {"--crop": "256 352", "--learning-rate": "1.5e-3", "--ema": "0.99"},
    "enet": {"--crop": "256 352", "--learning-rate": "2e-3", "--class-weight": "0.2", "--ema": "0.99", "--compile": ""},
}
BASE_NAMES = {"fast_scnn": "base", "swiftnet": "SwiftNet from ImageNet", "enet": "ENet"}


@dataclass(frozen=True)
class Variant:
    """What differs from the base of its model: options of the training command.

    `{soft}`, `{rendered}` and `{long}` stand for the folders of a teacher's soft labels and of rendered scenes, and for
    three times the steps.
    """

    changes: dict[str, str] = field(default_factory=dict)
    model: str = "fast_scnn"


VARIANTS = {
    "base": Variant(),
    "base, another seed": Variant({"--seed": "1"}),
    "with a teacher": Variant({"--soft": "{soft}"}),
    "weights not averaged": Variant({"--ema": "0"}),
    "equal class weights": Variant({"--class-weight": "0"}),
    "higher weights for rare classes": Variant({"--class-weight": "0.4"}),
    "crops at random": Variant({"--around-class": "0"}),
    "scale 0.75 to 1.5": Variant({"--scale": "0.75 1.5"}),
    "scale 0.9 to 1.2": Variant({"--scale": "0.9 1.2"}),
    "crop 192 x 256": Variant({"--crop": "192 256"}),
    "short side 384 px": Variant({"--short-side": "384"}),
    "short side 640 px": Variant({"--short-side": "640"}),
    "loss on the hardest quarter of pixels only": Variant({"--hardest": "0.25"}),
    "Lovász-softmax at the end": Variant({"--lovasz": "0.5"}),
    "an auxiliary classifier": Variant({"--auxiliary": "global_feature_extractor"}),
    "CamVid drawn four times as often": Variant({"--camvid-repeats": "4"}),
    "half of the photos mixed": Variant({"--mix": "0.5"}),
    "with rendered scenes": Variant({"--rendered": "{rendered}"}),
    "three times the steps": Variant({"--steps": "{long}"}),
    "SwiftNet from ImageNet": Variant(model="swiftnet"),
    "SwiftNet from scratch": Variant({"--no-pretraining": ""}, model="swiftnet"),
    "ENet": Variant(model="enet"),
    "ENet without dropout": Variant({"--dropout": "0"}, model="enet"),
    "ENet, twice the learning rate": Variant({"--learning-rate": "4e-3"}, model="enet"),
}


def lacking(name: str, given: argparse.Namespace) -> str:
    """The option for the folder that a variant needs and that is not given; "" where nothing is lacking."""
    values = VARIANTS[name].changes.values()
    return next((f"--{key}" for key in ("soft", "rendered") if f"{{{key}}}" in values and not vars(given)[key]), "")


def options(name: str, given: argparse.Namespace) -> list[str]:
    """The training command's options for a variant."""
    variant = VARIANTS[name]
    chosen = {"--model": variant.model, "--data": str(given.data), "--hold-out": DRIVE, "--steps": str(given.steps)}
    chosen |= BASES[variant.model]
    folders = {"soft": given.soft, "rendered": given.rendered}
    chosen |= {option: value.format(**folders, long=3 * given.steps) for option, value in variant.changes.items()}
    chosen |= {"--score-every": "100000", "--out": str(folder(given.out, name))}
    return [word for option, value in chosen.items() for word in (option, *value.split())]


def folder(out: Path, name: str) -> Path:
    """Where a variant's run is."""
    return out / "".join(c if c.isalnum() else "-" for c in name)


def result(run: Path) -> float | None:
    """Mean IoU that a finished run ended with; None while it has none."""
    log = run / "log.csv"
    if not log.exists():
        return None
    with log.open(newline="") as file:
        scores = [row["miou"] for row in csv.DictReader(file) if row["miou"]]
    return float(scores[-1]) if scores else None


def table(results: dict[str, float]) -> str:
    """Rows for people: mean IoU, and what it is more or less than that of the same model's base."""
    rows = ["| | mIoU | against its base |", "|---|---:|---:|"]
    for name, miou in results.items():
        base = results.get(BASE_NAMES[VARIANTS[name].model], miou)
        rows.append(f"| {name} | {miou:.3f} | {miou - base:+.3f} |" if miou != base else f"| {name} | {miou:.3f} | |")
    return "\n".join(rows)


def main() -> None:
    """Run what is missing, then print the table of all that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    parser.add_argument("--soft", type=Path, help="soft labels of a teacher that lacks the drive too: training.soften")
    parser.add_argument("--rendered", type=Path, help="a set of rendered scenes: scenes.dataset")
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"), help="where the runs are")
    parser.add_argument("--steps", type=int, default=700, help="of each run")
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS), metavar="NAME", help=", ".join(VARIANTS))
    given = parser.parse_args()
    for name in given.only or []:
        if option := lacking(name, given):
            parser.error(f'"{name}" needs {option}')
    wanted = given.only or [name for name in VARIANTS if not lacking(name, given)]
    for number, name in enumerate(wanted, start=1):
        if result(folder(given.out, name)) is None:
            print(f"{number} of {len(wanted)}: {name}", flush=True)
            command = [sys.executable, "-m", "training.train", *options(name, given)]
            if subprocess.run(command, cwd=paths.ROOT, check=False).returncode:
                sys.exit(f'"{name}" came to no end, see above; the same command goes on')
    found = {name: result(folder(given.out, name)) for name in VARIANTS}
    print(table({name: miou for name, miou in found.items() if miou is not None}))


if __name__ == "__main__":
    main()
