"""Make confidence mean probability: fit a model's temperature on photos it was not trained on.

    python -m training.calibrate --data data/labelmefacade --split held-out --plot reliability.svg

Divides the logits by one number, so that of the pixels answered with confidence 0.8 eight in ten are right; answers
stay as they are. Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks. ICML 2017. Writes temperature
and expected calibration error into the cards, and draws each model's reliability diagram, before and after.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks
from training.scoring import cards
from training.scoring.plots import panels

STEP = 4  # every so many pixels in both directions: neighbours say the same
BINS = 15
TEMPERATURES = torch.logspace(-1, 1, 201, base=4.0)  # 0.25 to 4


@dataclass(frozen=True)
class Answered:
    """Sampled pixels: logits N×classes, and whether the winning class of each is right."""

    logits: Tensor
    right: Tensor

    def confidence(self, temperature: float) -> Tensor:
        """Probability of the winning class, N."""
        return (self.logits / temperature).softmax(1).amax(1)


def sample(model: Model, data: StreetSet) -> Answered:
    """What a model answers on every labelled pixel of a grid over the photos of `data`."""
    logits, right = [], []
    for example in shown(data):
        truth = data.may_be[example.label]
        coarse = torch.from_numpy(coarse_logits(Image.fromarray(example.image), model)).contiguous()
        full = F.interpolate(coarse, size=truth.shape, mode="bilinear", align_corners=False)
        pixels = full[0, :, ::STEP, ::STEP].flatten(1).T
        may_be = torch.from_numpy(truth[::STEP, ::STEP].copy()).flatten()
        labelled = may_be != 0
        logits.append(pixels[labelled])
        right.append((may_be[labelled] >> pixels[labelled].argmax(1) & 1).bool())
    return Answered(torch.cat(logits), torch.cat(right))


def fit(answered: Answered) -> float:
    """The temperature at which the winner's probability best foretells whether it is right, by log loss."""
    losses = [
        F.binary_cross_entropy(answered.confidence(float(t)).clamp(max=1 - 1e-6), answered.right.float())
        for t in TEMPERATURES
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


def plot(results: dict[str, tuple[Answered, float]], path: Path) -> None:
    """A reliability diagram for each model: share of right answers by confidence, before and after."""
    with panels(path, len(results), (3.6 * len(results), 3.6)) as axes:
        for axis, (title, (answered, temperature)) in zip(axes, results.items(), strict=True):
            axis.plot([0, 1], [0, 1], color="#999999", linewidth=1, label="confidence = accuracy")
            for name, t, colour in (("before", 1.0, "#d98324"), (f"T = {temperature:.2f}", temperature, "#1f6feb")):
                confidence = answered.confidence(t)
                share, mean, accuracy = reliability(confidence, answered.right)
                error = expected_calibration_error(confidence, answered.right)
                seen = share > 0.001  # a bin of a few pixels says nothing
                axis.plot(mean[seen], accuracy[seen], "o-", ms=3, color=colour, label=f"{name}: ECE {error:.3f}")
            axis.set(title=title, xlabel="confidence", xlim=(0, 1), ylim=(0, 1), aspect="equal")
            axis.legend(loc="upper left", fontsize=8, frameon=False)
        axes[0].set_ylabel("share of right answers")


def calibrate(model: Model, data: StreetSet, split: str, command: str) -> tuple[str, Answered, float]:
    """Fit one model and write its card; returns title, sampled answers and temperature."""
    card, answered = model.card, sample(model, data)
    temperature = fit(answered)
    errors = {
        metric: expected_calibration_error(answered.confidence(t), answered.right)
        for metric, t in (("ECE before calibration", 1.0), ("ECE", temperature))
    }
    print(f"{card.title}: T = {temperature}, " + ", ".join(f"{metric} {error:.4f}" for metric, error in errors.items()))
    cards.update(card.name, {"temperature": temperature})
    cards.add_figures(card.name, [cards.figure(metric, e, data.name, split, command) for metric, e in errors.items()])
    return card.title, answered, temperature


def main() -> None:
    """Calibrate the models asked for and draw them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="a data set's folder")
    parser.add_argument("--split", choices=SPLITS, default="held-out")
    parser.add_argument("--plot", type=Path, help="where to draw the reliability diagrams")
    arguments = parser.parse_args()
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        models = [served(name) for name in arguments.models]
    except UNUSABLE as error:
        parser.error(str(error))
    command = f"python -m training.calibrate --data {datasets.spelled(arguments.data)} --split {arguments.split}"
    fitted = [calibrate(model, data, arguments.split, command) for model in models]
    if arguments.plot:
        plot({title: (answered, temperature) for title, answered, temperature in fitted}, arguments.plot)


if __name__ == "__main__":
    main()
