"""Is confidence calibrated in another country, at night, in rain? Would a fitted temperature make it better?

    python -m training.studies.calibration --plot docs/images/calibration.svg
    python -m training.studies.calibration --models enet --also data/iddlite assets/samples

Three confidences: the softmax as the network has it, the one that is served (by the card's class weights and
temperature, see `training.calibrate`), and one by the class weights and a temperature that is fitted on the held-out
facades, clean and with every corruption of `shared.stress`. That one is never measured on what it was fitted on: the
facades are split in halves between walks, each half is measured with the temperature of the other, and the other sets
with both. Errors are of 15 bins over pixels, with 95 % bootstrap intervals over photos.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from shared import paths
from shared.inference.model import Model
from training.calibrate import TEMPERATURES, Answered, fit, sample
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, trained
from training.learning import networks
from training.scoring.plots import panels
from training.scoring.reliability import draw, expected_calibration_error, interval
from training.studies.robustness import made_worse

CORRUPTED = "corrupted"


def joined(parts: list[Answered]) -> Answered:
    """All pixels of several; photos of the same number are the same photo, however it was corrupted."""
    served = {t: torch.cat([part.served[t] for part in parts]) for t in parts[0].served}
    rest = (torch.cat([getattr(part, name) for part in parts]) for name in ("plain", "right", "photo"))
    return Answered(served, *rest)


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


def crossed(answered: Answered, pairs: list[tuple[Tensor, float]]) -> float:
    """The error of some photos with one temperature, others with another; photos may come in both."""
    parts = [(answered.of(photos), temperature) for photos, temperature in pairs]
    confidence = torch.cat([part.confidence(temperature) for part, temperature in parts])
    return expected_calibration_error(confidence, torch.cat([part.right for part, _ in parts]))


def measure(model: Model, facades: StreetSet, others: list[StreetSet]) -> dict[str, Measured]:
    """What is found on every set, as it is and corrupted, by its name; temperatures are fitted on facades alone."""
    served = model.card.temperature
    tried = (*TEMPERATURES, served)
    clean, worse = sample(model, facades, tried), sample(model, made_worse(facades), tried)
    both = joined([clean, worse])
    first, second = map(torch.tensor, datasets.halves([example.name for example in facades.examples]))
    temperatures = fit(both.of(first)), fit(both.of(second))
    print(
        f"{model.card.title}: fitted T = {fit(both)}, of the halves {temperatures[0]} and {temperatures[1]}", flush=True
    )

    def found(answered: Answered, pairs: list[tuple[Tensor, float]]) -> Measured:
        error = crossed(answered, pairs)
        return Measured(answered.before, answered.confidence(served), answered.right, answered.photo, error)

    other_way = [(second, temperatures[0]), (first, temperatures[1])]
    measured = {facades.name: found(clean, other_way), f"{facades.name}, {CORRUPTED}": found(worse, other_way)}
    for data, name in _with_corrupted(others):
        everything = torch.arange(len(data))
        answered = sample(model, data, (served, *temperatures))
        measured[name] = found(answered, [(everything, t) for t in temperatures])
    return measured


def _with_corrupted(others: list[StreetSet]) -> Iterator[tuple[StreetSet, str]]:
    for data in others:
        yield data, data.name
        yield made_worse(data), f"{data.name}, {CORRUPTED}"


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
        default=[datasets.home() / "iddlite", paths.SAMPLES_DIR],
        help="folders of data sets to measure on as well",
    )
    parser.add_argument("--plot", type=Path, help="where to draw the reliability diagrams")
    arguments = parser.parse_args()
    if arguments.runs and len(arguments.runs) != len(arguments.models):
        parser.error("--runs wants a run for each of --models")
    try:
        facades = datasets.load(arguments.data, SPLITS[arguments.split])
        others = [datasets.load(folder) for folder in arguments.also]
        models = (
            [trained(*pair) for pair in zip(arguments.models, arguments.runs, strict=True)]
            if arguments.runs
            else [served(name) for name in arguments.models]
        )
    except UNUSABLE as error:
        parser.error(str(error))
    results = {}
    for model in models:
        results[model.card.title] = measure(model, facades, others)
        for name, measured in results[model.card.title].items():
            low, high = interval(measured.confidence, measured.right, measured.photo)
            before, after, fitted = measured.errors
            print(
                f"    {name:26} {before:.3f} -> {after:.3f} ({low:.3f} to {high:.3f}), fitted {fitted:.3f}", flush=True
            )
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
