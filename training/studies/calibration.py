"""Is confidence calibrated in another country, at night, in rain? Is Platt scaling worth it?

    python -m training.studies.calibration --plot docs/images/calibration.svg
    python -m training.studies.calibration --models enet --also data/iddlite

Three confidences: the softmax as the network has it, the one that is served (by the card, see `training.calibrate`),
and one whose slope and shift are fitted on half of the held-out facades and half of the samples, clean and corrupted,
for all models together. That one is never measured on what it was fitted on: each half is measured with the pair of the
other, and the other sets with both. The facades are split between walks. Errors are of 15 bins over pixels, with 95 %
bootstrap intervals over photos.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from shared import paths
from shared.inference.model import Model
from training.calibrate import Answered, PlattScaling, fit, sample
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, trained
from training.learning import networks
from training.scoring.plots import panels
from training.scoring.reliability import draw, expected_calibration_error, interval
from training.studies.robustness import made_worse

CORRUPTED = "corrupted"
Halves = tuple[Tensor, Tensor]
Pairs = tuple[PlattScaling, PlattScaling]


@dataclass(frozen=True)
class Measured:
    """Confidence and correctness on a set: as the network has it, as it is served, and the error of a fitted one."""

    before: Tensor
    confidence: Tensor
    right: Tensor
    photo: Tensor
    fitted_error: float

    @property
    def errors(self) -> tuple[float, float, float]:
        """The expected calibration errors of the three."""
        before, after = (expected_calibration_error(sure, self.right) for sure in (self.before, self.confidence))
        return before, after, self.fitted_error


def halves_of(data: StreetSet) -> Halves:
    """Two groups of a set's photos, by number, between which no walk is divided."""
    first, second = map(torch.tensor, datasets.halves([example.name for example in data.examples]))
    return first, second


def with_corrupted(sets: Sequence[StreetSet]) -> dict[str, StreetSet]:
    """Every set as it is and corrupted, by its name."""
    return {name: seen for one in sets for name, seen in _both(one)}


def _both(data: StreetSet) -> list[tuple[str, StreetSet]]:
    return [(data.name, data), (f"{data.name}, {CORRUPTED}", made_worse(data))]


def fit_halves(models: Sequence[Mapping[str, Answered]], halves: Mapping[str, Halves]) -> Pairs:
    """Slope and shift of each half, fitted on its photos of every model and of every set that has `halves`."""
    first, second = (
        fit(answered[name].of(both[half]) for answered in models for name, both in halves.items()) for half in (0, 1)
    )
    return first, second


def crossed(answered: Answered, pairs: Pairs, halves: Halves | None) -> float:
    """The error of each half of some photos with the other's pair; of photos that nothing was fitted on, with both."""
    first, second = (answered.of(half) for half in halves) if halves else (answered, answered)
    parts = [(second, pairs[0]), (first, pairs[1])]
    confidence = torch.cat([(slope * part.log_odds + shift).sigmoid() for part, (slope, shift) in parts])
    return expected_calibration_error(confidence, torch.cat([part.right for part, _ in parts]))


def measure(
    models: Sequence[Model], fitted_on: Sequence[StreetSet], others: Sequence[StreetSet]
) -> dict[str, dict[str, Measured]]:
    """What is found of each model on every set, as it is and corrupted, by title and name."""
    known, unknown = with_corrupted(fitted_on), with_corrupted(others)
    answered = {m.card.title: {name: sample(m, data) for name, data in (known | unknown).items()} for m in models}
    halves = {name: halves_of(data) for name, data in known.items()}
    pairs = fit_halves(list(answered.values()), halves)
    print("slope and shift of the halves: " + ", ".join(f"{a:.3f} and {b:.3f}" for a, b in pairs), flush=True)
    return {
        title: {
            name: Measured(a.plain / 255, a.served / 255, a.right, a.photo, crossed(a, pairs, halves.get(name)))
            for name, a in sets.items()
        }
        for title, sets in answered.items()
    }


def plot(results: dict[str, dict[str, Measured]], path: Path) -> None:
    """A reliability diagram for each model, a row, and set: share of right answers by confidence, before and after."""
    drawn = [(f"{title}: {name}", found) for title, measured in results.items() for name, found in measured.items()]
    count = len(drawn) // len(results)
    with panels(path, count, (2.9 * count, 3.0 * len(results)), len(results)) as axes:
        for axis, (title, found) in zip(axes, drawn, strict=True):
            draw(axis, title, found.before, found.confidence, found.right)
        for axis in axes[::count]:
            axis.set_ylabel("share of right answers")


def main() -> None:
    """Measure the models asked for, draw them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--runs", nargs="+", type=Path, help="not the served weights but these runs' of --models")
    parser.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="a data set's folder")
    parser.add_argument("--split", choices=SPLITS, default="held-out")
    parser.add_argument(
        "--also",
        nargs="*",
        type=Path,
        default=[datasets.home() / "iddlite"],
        help="folders of data sets to measure on as well",
    )
    parser.add_argument("--plot", type=Path, help="where to draw the reliability diagrams")
    arguments = parser.parse_args()
    if arguments.runs and len(arguments.runs) != len(arguments.models):
        parser.error("--runs wants a run for each of --models")
    try:
        fitted_on = [datasets.load(arguments.data, SPLITS[arguments.split]), datasets.load(paths.SAMPLES_DIR)]
        others = [datasets.load(folder) for folder in arguments.also]
        models = (
            [trained(*pair) for pair in zip(arguments.models, arguments.runs, strict=True)]
            if arguments.runs
            else [served(name) for name in arguments.models]
        )
    except UNUSABLE as error:
        parser.error(str(error))
    results = measure(models, fitted_on, others)
    for title, measured in results.items():
        print(title)
        for name, found in measured.items():
            low, high = interval(found.confidence, found.right, found.photo)
            before, after, fitted = found.errors
            print(f"    {name:26} {before:.3f} -> {after:.3f} ({low:.3f} to {high:.3f}), fitted {fitted:.3f}")
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
