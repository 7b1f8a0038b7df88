"""Calibrate confidence: fit a model's temperature on photos that it was not trained on.

    python -m training.calibrate --data data/labelmefacade --split held-out --plot reliability.svg

Divides the logits by one number, so that eight in ten of the pixels with confidence 0.8 are right; label maps do not
change. Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks. ICML 2017. Measured on what is
served, by the engine that serves: a confidence map as fine as the logits, enlarged bilinearly as the page does it.
Writes temperature and expected calibration error into the cards, and draws each model's reliability diagram, before and
after.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from shared.inference.confidence import confidence, enlarged
from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from shared.inference.upsample import upsample
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks
from training.scoring import cards
from training.scoring.plots import panels
from training.scoring.reliability import draw, expected_calibration_error

STEP = 4  # every so many pixels in both directions: neighbours say the same
TEMPERATURES = tuple(round(float(t), 3) for t in torch.logspace(-1, 1, 61, base=2.5))  # 0.4 to 2.5, 1 in their midst


@dataclass(frozen=True)
class Answered:
    """Sampled pixels: by temperature the confidence in each, 0 to 255, whether the answer is right, and of which photo.

    Photos are numbered from 0.
    """

    served: Mapping[float, Tensor]
    right: Tensor
    photo: Tensor

    def confidence(self, temperature: float) -> Tensor:
        """Probability of the winning class, N, at one of `TEMPERATURES`."""
        return self.served[temperature].float() / 255

    def of(self, photos: Tensor) -> Answered:
        """The pixels of some photos only."""
        kept = torch.isin(self.photo, photos)
        return Answered({t: sure[kept] for t, sure in self.served.items()}, self.right[kept], self.photo[kept])


def sample(model: Model, data: StreetSet) -> Answered:
    """What a model answers on every labelled pixel of a grid over the photos of `data`."""
    served: dict[float, list[Tensor]] = {t: [] for t in TEMPERATURES}
    right, photo = [], []
    for number, example in enumerate(shown(data)):
        truth = data.may_be[example.label]
        height, width = truth.shape
        coarse = coarse_logits(Image.fromarray(example.image), model)[0]
        may_be = torch.from_numpy(truth[::STEP, ::STEP].copy())
        labelled = may_be != 0
        answer = torch.from_numpy(upsample(coarse, (width, height))[::STEP, ::STEP].copy()).long()
        right.append((may_be[labelled] >> answer[labelled] & 1).bool())
        photo.append(torch.full((int(labelled.sum()),), number))
        for temperature, kept in served.items():
            sure = enlarged(confidence(coarse, temperature), (width, height))
            kept.append(torch.from_numpy(sure[::STEP, ::STEP].copy())[labelled])
    return Answered({t: torch.cat(kept) for t, kept in served.items()}, torch.cat(right), torch.cat(photo))


def fit(answered: Answered) -> float:
    """The temperature at which the winning class's probability has the least log loss against being right."""

    def loss(temperature: float) -> float:
        expected = answered.confidence(temperature).clamp(1e-6, 1 - 1e-3)  # a map's 255 is anything above 0.998
        return float(F.binary_cross_entropy(expected, answered.right.float()))

    return min(TEMPERATURES, key=loss)


def plot(results: dict[str, tuple[Answered, float]], path: Path) -> None:
    """A reliability diagram for each model: share of right answers by confidence, before and after."""
    with panels(path, len(results), (3.6 * len(results), 3.6)) as axes:
        for axis, (title, (answered, temperature)) in zip(axes, results.items(), strict=True):
            before, after = answered.confidence(1.0), answered.confidence(temperature)
            draw(axis, f"{title}, T = {temperature:.2f}", before, after, answered.right)
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
