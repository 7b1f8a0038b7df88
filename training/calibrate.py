"""Calibrate confidence: undo the class weights of a model's training, so that eight in ten pixels of 0.8 are right.

    python -m training.calibrate --data data/labelmefacade --split held-out --plot reliability.svg
    python -m training.calibrate --models enet --fit        fit a temperature too

A network that was trained with class weights answers as if rare classes were more frequent: its probabilities are
divided by the weights of its recipe. Nothing is fitted to the photos that are measured, unless --fit asks for a
temperature; `training.studies.calibration` shows that it is worse on others. Label maps do not change. Measured on what
is served, by the engine that serves: a confidence map as fine as the logits, enlarged bilinearly as the page does it.
Writes class weights, temperature and expected calibration error into the cards, and draws each model's reliability
diagram, before and after.

Menon et al.: Long-Tail Learning via Logit Adjustment. ICLR 2021. Guo, Pleiss, Sun, Weinberger: On Calibration of Modern
Neural Networks. ICML 2017.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from shared import paths
from shared.inference.confidence import confidence, enlarged
from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from shared.inference.upsample import upsample
from training.data import datasets
from training.data.batches import pixels_by_class, read_sets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks
from training.learning.losses import class_weights
from training.learning.options import parsed, parser
from training.scoring import cards
from training.scoring.plots import panels
from training.scoring.reliability import draw, expected_calibration_error

STEP = 4  # every so many pixels in both directions: neighbours say the same
TEMPERATURES = tuple(round(float(t), 3) for t in torch.logspace(-1, 1, 17, base=2.5))  # 0.4 to 2.5, 1 in their midst


@dataclass(frozen=True)
class Answered:
    """Sampled pixels: by temperature the confidence in each, 0 to 255, whether the answer is right, and of which photo.

    `plain` is the confidence of the softmax alone, of no temperature and no class weights. Photos are numbered from 0.
    """

    served: Mapping[float, Tensor]
    plain: Tensor
    right: Tensor
    photo: Tensor

    def confidence(self, temperature: float) -> Tensor:
        """Probability of the winning class, N, at one of `TEMPERATURES`."""
        return self.served[temperature].float() / 255

    @property
    def before(self) -> Tensor:
        """Probability of the winning class, N, as the network has it."""
        return self.plain.float() / 255

    def of(self, photos: Tensor) -> Answered:
        """The pixels of some photos only."""
        kept = torch.isin(self.photo, photos)
        served = {t: sure[kept] for t, sure in self.served.items()}
        return Answered(served, self.plain[kept], self.right[kept], self.photo[kept])


@cache
def _pixels(camvid_repeats: int) -> Tensor:
    return pixels_by_class(*read_sets(datasets.home(), camvid_repeats=camvid_repeats))


def with_recipe_weights(model: Model) -> Model:
    """A model whose card has the class weights of its recipe's first run, the longest.

    They are counted without rendered scenes, which need not be at hand. Raises `FileNotFoundError` without CamVid or
    LabelMeFacade.
    """
    options = parsed(parser(), [f"@{paths.ROOT}/training/recipes/{model.card.name}.args"])
    weights = class_weights(_pixels(options.camvid_repeats), options.class_weight).tolist()
    return replace(model, card=replace(model.card, class_weights=tuple(round(weight, 3) for weight in weights)))


def sample(model: Model, data: StreetSet, temperatures: Sequence[float] = TEMPERATURES) -> Answered:
    """What a model answers on every labelled pixel of a grid over the photos of `data`."""
    served: dict[float, list[Tensor]] = {t: [] for t in temperatures}
    plain: list[Tensor] = []
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
        kinds = [(plain, confidence(coarse, 1.0))]
        kinds += [(kept, confidence(coarse, t, model.card.class_weights)) for t, kept in served.items()]
        for kept, sure in kinds:
            fine = enlarged(sure, (width, height))[::STEP, ::STEP]
            kept.append(torch.from_numpy(fine.copy())[labelled])
    found = {t: torch.cat(kept) for t, kept in served.items()}
    return Answered(found, *map(torch.cat, (plain, right, photo)))


def fit(answered: Answered) -> float:
    """The temperature at which the winning class's probability has the least log loss against being right."""

    def loss(temperature: float) -> float:
        expected = answered.confidence(temperature).clamp(1e-6, 1 - 1e-3)  # a map's 255 is anything above 0.998
        return float(F.binary_cross_entropy(expected, answered.right.float()))

    return min(answered.served, key=loss)


def plot(results: dict[str, tuple[Answered, float]], path: Path) -> None:
    """A reliability diagram for each model: share of right answers by confidence, before and after."""
    with panels(path, len(results), (3.6 * len(results), 3.6)) as axes:
        for axis, (title, (answered, temperature)) in zip(axes, results.items(), strict=True):
            draw(axis, title, answered.before, answered.confidence(temperature), answered.right)
        axes[0].set_ylabel("share of right answers")


def calibrate(model: Model, data: StreetSet, split: str, command: str, fits: bool) -> tuple[str, Answered, float]:
    """Calibrate one model and write its card; returns title, answers and temperature, 1 unless it `fits` one."""
    card, answered = model.card, sample(model, data, TEMPERATURES if fits else (1.0,))
    temperature = fit(answered)
    errors = {
        metric: expected_calibration_error(sure, answered.right)
        for metric, sure in (("ECE before calibration", answered.before), ("ECE", answered.confidence(temperature)))
    }
    print(f"{card.title}: T = {temperature}, " + ", ".join(f"{metric} {error:.4f}" for metric, error in errors.items()))
    cards.update(card.name, {"temperature": temperature, "class_weights": card.class_weights})
    cards.add_figures(card.name, [cards.figure(metric, e, data.name, split, command) for metric, e in errors.items()])
    return card.title, answered, temperature


def main() -> None:
    """Calibrate the models asked for and draw them."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    command.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="a data set's folder")
    command.add_argument("--split", choices=SPLITS, default="held-out")
    command.add_argument("--fit", action="store_true", help="fit a temperature as well")
    command.add_argument("--plot", type=Path, help="where to draw the reliability diagrams")
    arguments = command.parse_args()
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        models = [with_recipe_weights(served(name)) for name in arguments.models]
    except UNUSABLE as error:
        command.error(str(error))
    said = f"python -m training.calibrate --data {datasets.spelled(arguments.data)} --split {arguments.split}"
    said += " --fit" * arguments.fit
    fitted = [calibrate(model, data, arguments.split, said, arguments.fit) for model in models]
    if arguments.plot:
        plot({title: (answered, temperature) for title, answered, temperature in fitted}, arguments.plot)


if __name__ == "__main__":
    main()
