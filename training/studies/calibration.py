"""Is confidence probability on photos that no temperature was fitted on? Elsewhere, at night, in rain?

    python -m training.studies.calibration --plot docs/images/calibration.svg
    python -m training.studies.calibration --models enet --also data/iddlite assets/samples

`training.calibrate` fits the temperature that is served; here one is fitted as it would be, on the held-out facades as
they are and made worse by every kind of `shared.stress`, and what is measured is never what was fitted on: the facades
are cut in two halves between walks, each is measured with the temperature of the other, and the other sets with both.
Errors are of 15 bins over pixels; their interval is that of 95 in 100 draws of as many photos anew (bootstrap).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from shared import paths
from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown, trained
from training.learning import networks
from training.scoring.plots import panels
from training.studies.robustness import made_worse

STEP = 4  # every so many pixels in both directions: neighbours say the same
BINS = 15
ENOUGH = 200_000  # pixels to fit one number by
DRAWS = 1000
TEMPERATURES = torch.logspace(-1, 1, 101, base=4.0)  # 0.25 to 4
CORRUPTED = "corrupted"


@dataclass(frozen=True)
class Answered:
    """Sampled pixels: logits N×classes, whether the winning class of each is right, and of which photo each is."""

    logits: Tensor
    right: Tensor
    photo: Tensor

    def confidence(self, temperature: float) -> Tensor:
        """Probability of the winning class, N."""
        return (self.logits / temperature).softmax(1).amax(1)

    def of(self, photos: Tensor) -> Answered:
        """The pixels of some photos only."""
        kept = torch.isin(self.photo, photos)
        return Answered(self.logits[kept], self.right[kept], self.photo[kept])


def joined(parts: list[Answered]) -> Answered:
    """All pixels of several; photos of the same number are the same photo, however it was made worse."""
    return Answered(*(torch.cat([getattr(part, name) for part in parts]) for name in ("logits", "right", "photo")))


def sample(model: Model, data: StreetSet) -> Answered:
    """What a model answers on every labelled pixel of a grid over the photos of `data`."""
    logits, right, photo = [], [], []
    for number, example in enumerate(shown(data)):
        truth = data.may_be[example.label]
        coarse = torch.from_numpy(coarse_logits(Image.fromarray(example.image), model)).contiguous()
        full = F.interpolate(coarse, size=truth.shape, mode="bilinear", align_corners=False)
        pixels = full[0, :, ::STEP, ::STEP].flatten(1).T
        may_be = torch.from_numpy(truth[::STEP, ::STEP].copy()).flatten()
        labelled = may_be != 0
        logits.append(pixels[labelled])
        right.append((may_be[labelled] >> pixels[labelled].argmax(1) & 1).bool())
        photo.append(torch.full((int(labelled.sum()),), number))
    return Answered(torch.cat(logits), torch.cat(right), torch.cat(photo))


def fit(answered: Answered) -> float:
    """The temperature at which the winner's probability best foretells whether it is right, by log loss."""
    step = 1 + len(answered.right) // ENOUGH
    few = Answered(answered.logits[::step], answered.right[::step], answered.photo[::step])
    losses = [
        F.binary_cross_entropy(few.confidence(float(t)).clamp(max=1 - 1e-6), few.right.float()) for t in TEMPERATURES
    ]
    return round(float(TEMPERATURES[int(torch.stack(losses).argmin())]), 3)


def reliability(confidence: Tensor, right: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For each of `BINS` equal bins of confidence: its share of pixels, mean confidence, share of right answers."""
    place = (confidence * BINS).long().clamp(max=BINS - 1)
    count = torch.bincount(place, minlength=BINS).clamp(min=1)
    mean = torch.bincount(place, confidence.double(), BINS) / count
    accuracy = torch.bincount(place, right.double(), BINS) / count
    return torch.bincount(place, minlength=BINS) / len(confidence), mean, accuracy


def expected_calibration_error(confidence: Tensor, right: Tensor) -> float:
    """Mean distance of confidence from accuracy over bins, weighted by their pixels (Guo et al., equation 3)."""
    share, mean, accuracy = reliability(confidence, right)
    return float((share * (mean - accuracy).abs()).sum())


def interval(confidence: Tensor, right: Tensor, photo: Tensor) -> tuple[float, float]:
    """Between what 95 of 100 calibration errors lie when as many photos are drawn anew, with repetition."""
    count = int(photo.max()) + 1
    place = photo * BINS + (confidence * BINS).long().clamp(max=BINS - 1)
    # By photo and bin: by how much confidence is above being right, and the number of pixels.
    excess = torch.bincount(place, confidence.double() - right.double(), count * BINS).view(count, BINS)
    pixels = torch.bincount(place, minlength=count * BINS).view(count, BINS).sum(1)
    drawn = torch.randint(count, (DRAWS, count), generator=torch.Generator().manual_seed(0))
    errors = excess[drawn].sum(1).abs().sum(1) / pixels[drawn].sum(1)
    low, high = errors.quantile(torch.tensor([0.025, 0.975], dtype=errors.dtype)).tolist()
    return low, high


@dataclass(frozen=True)
class Measured:
    """Confidence and being right, on a set, by temperatures that were not fitted on it; and before calibration."""

    confidence: Tensor
    right: Tensor
    photo: Tensor
    before: Tensor

    @property
    def error(self) -> float:
        """The expected calibration error."""
        return expected_calibration_error(self.confidence, self.right)


def crossed(answered: Answered, pairs: list[tuple[Tensor, float]]) -> Measured:
    """The pixels of some photos with one temperature, those of others with another; photos may come in both."""
    parts = [(answered.of(photos), temperature) for photos, temperature in pairs]
    return Measured(
        torch.cat([part.confidence(temperature) for part, temperature in parts]),
        torch.cat([part.right for part, _ in parts]),
        torch.cat([part.photo for part, _ in parts]),
        torch.cat([part.confidence(1.0) for part, _ in parts]),
    )


def measure(model: Model, facades: StreetSet, others: list[StreetSet]) -> dict[str, Measured]:
    """What temperatures give where they were not fitted, by name of the set."""
    clean, worse = sample(model, facades), sample(model, made_worse(facades))
    both = joined([clean, worse])
    first, second = map(torch.tensor, datasets.halves([example.name for example in facades.examples]))
    temperatures = fit(both.of(first)), fit(both.of(second))
    other_way = [(second, temperatures[0]), (first, temperatures[1])]
    measured = {facades.name: crossed(clean, other_way), f"{facades.name}, {CORRUPTED}": crossed(worse, other_way)}
    for data, name in _with_corrupted(others):
        answered = sample(model, data)
        everything = torch.arange(len(data))
        measured[name] = crossed(answered, [(everything, t) for t in temperatures])
    print(f"{model.card.title}: T = {fit(both)}, of the halves {temperatures[0]} and {temperatures[1]}")
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
            axis.plot([0, 1], [0, 1], color="#999999", linewidth=1)
            for label, confidence, colour in (
                ("before", found.before, "#d98324"),
                ("after", found.confidence, "#1f6feb"),
            ):
                share, mean, accuracy = reliability(confidence, found.right)
                error = expected_calibration_error(confidence, found.right)
                seen = share > 0.001  # a bin of a few pixels says nothing
                axis.plot(mean[seen], accuracy[seen], "o-", ms=3, color=colour, label=f"{label}: ECE {error:.3f}")
            axis.set(xlabel="confidence", xlim=(0, 1), ylim=(0, 1), aspect="equal")
            axis.set_title(title, fontsize=8)
            axis.legend(loc="upper left", fontsize=8, frameon=False)
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
            before = expected_calibration_error(measured.before, measured.right)
            print(f"    {name:26} {before:.3f} -> {measured.error:.3f} ({low:.3f} to {high:.3f})", flush=True)
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
