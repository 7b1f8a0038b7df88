"""Calibrate confidence, so that eight in ten pixels of 0.8 are right: undo class weights, then Platt scaling.

    python -m training.calibrate --data data/labelmefacade --split held-out --plot reliability.svg
    python -m training.calibrate --fit        fit the Platt scaling too

A network that was trained with class weights answers as if rare classes were more frequent: its probabilities are
divided by the weights of its recipe. Then the winning class's log odds get a slope and a shift, the same for all
models (Platt scaling). Label maps do not change. Measured on what is served, by the engine that serves: a confidence
map as fine as the logits, enlarged bilinearly as the page does it. Writes class weights, Platt scaling and expected
calibration error into the cards, and draws each model's reliability diagram, before and after.

Menon et al.: Long-Tail Learning via Logit Adjustment. ICLR 2021. Platt: Probabilistic Outputs for Support Vector
Machines. 1999.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from shared import paths
from shared.inference.confidence import confidence, enlarged, probability
from shared.inference.model import Model
from shared.inference.segment import coarse_logits, served_confidence
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
from training.studies.robustness import made_worse

STEP = 4  # every so many pixels in both directions: neighbours say the same
NEWTON_STEPS = 20
LEAST = 1e-6  # odds are not taken of probabilities nearer to 0 and 1
PlattScaling = tuple[float, float]
"""Slope and shift of the winning class's log odds."""


@dataclass(frozen=True)
class Answered:
    """Sampled pixels: the confidence in each, 0 to 255, whether the answer is right, and of which photo.

    `plain` is the confidence of the softmax alone, `served` that of the card, `log_odds` are what its Platt scaling is
    of: the winning class's, class weights undone. Photos are numbered from 0.
    """

    plain: Tensor
    served: Tensor
    log_odds: Tensor
    right: Tensor
    photo: Tensor

    def of(self, photos: Tensor) -> Answered:
        """The pixels of some photos only."""
        kept = torch.isin(self.photo, photos)
        return Answered(*(getattr(self, one.name)[kept] for one in fields(self)))


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


def sample(model: Model, data: StreetSet) -> Answered:
    """What a model answers on every labelled pixel of a grid over the photos of `data`."""
    photos = [
        _answered(model, Image.fromarray(example.image), data.may_be[example.label], number)
        for number, example in enumerate(shown(data))
    ]
    return Answered(*(torch.cat([getattr(photo, one.name) for photo in photos]) for one in fields(Answered)))


def _answered(model: Model, image: Image.Image, truth: NDArray[Any], number: int) -> Answered:
    coarse, card = coarse_logits(image, model)[0], model.card
    may_be = _grid(truth)
    labelled = may_be != 0
    right = (may_be >> _grid(upsample(coarse, image.size)).long() & 1).bool()

    def shown_as(coarse_map: NDArray[Any]) -> Tensor:
        return _grid(enlarged(coarse_map, image.size))[labelled]

    return Answered(
        plain=shown_as(confidence(coarse, 1.0)),
        served=shown_as(served_confidence(coarse, card)),
        log_odds=shown_as(probability(coarse, card.temperature, card.class_weights)).double().logit(LEAST),
        right=right[labelled],
        photo=torch.full((int(labelled.sum()),), number),
    )


def _grid(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(values[::STEP, ::STEP].copy())


def fit(parts: Iterable[Answered]) -> PlattScaling:
    """Slope and shift by logistic regression of being right on the winner's log odds; each part counts the same.

    Raises `ValueError` when all answers are right, or none.
    """
    known = [(torch.stack([part.log_odds, torch.ones_like(part.log_odds)], 1), part.right.double()) for part in parts]
    if len(torch.cat([right for _, right in known]).unique()) < 2:
        raise ValueError("a fit wants right and wrong answers")
    weights = torch.tensor([1.0, 0.0], dtype=torch.float64)
    for _ in range(NEWTON_STEPS):
        gradient, curvature = torch.zeros(2, dtype=torch.float64), torch.zeros(2, 2, dtype=torch.float64)
        for inputs, right in known:
            expected = (inputs @ weights).sigmoid()
            gradient += inputs.T @ (expected - right) / len(right)
            curvature += inputs.T @ (inputs * (expected * (1 - expected))[:, None]) / len(right)
        weights -= torch.linalg.solve(curvature, gradient)
    slope, shift = weights.tolist()
    return slope, shift


def with_platt_scaling(models: Sequence[Model], data: Sequence[StreetSet]) -> list[Model]:
    """Models whose cards have one slope and shift for all, fitted on every set of `data`, as it is and corrupted.

    One for each would fit the walk that most photos of the facades come from (`training.studies.calibration`).
    """
    sets = [shown_as for one in data for shown_as in (one, made_worse(one))]
    slope, shift = fit(sample(model, one) for model in models for one in sets)
    fitted = round(slope, 3), round(shift, 3)
    return [replace(model, card=replace(model.card, platt_scaling=fitted)) for model in models]


def plot(results: dict[str, Answered], path: Path) -> None:
    """A reliability diagram for each model: share of right answers by confidence, before and after."""
    with panels(path, len(results), (3.6 * len(results), 3.6)) as axes:
        for axis, (title, answered) in zip(axes, results.items(), strict=True):
            draw(axis, title, answered.plain / 255, answered.served / 255, answered.right)
        axes[0].set_ylabel("share of right answers")


def calibrate(model: Model, data: StreetSet, split: str, command: str) -> Answered:
    """Measure one model as its card has it, and write that card; returns what it answers."""
    card, answered = model.card, sample(model, data)
    errors = {
        metric: expected_calibration_error(sure / 255, answered.right)
        for metric, sure in (("ECE before calibration", answered.plain), ("ECE", answered.served))
    }
    print(f"{card.title}: " + ", ".join(f"{metric} {error:.4f}" for metric, error in errors.items()))
    fitted = {"platt_scaling": card.platt_scaling} if card.platt_scaling else {}
    cards.update(card.name, {"class_weights": card.class_weights} | fitted)
    cards.add_figures(card.name, [cards.figure(metric, e, data.name, split, command) for metric, e in errors.items()])
    return answered


def main() -> None:
    """Calibrate the models asked for and draw them."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--models", nargs="+", choices=networks.names(), help="only these")
    command.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="a data set's folder")
    command.add_argument("--split", choices=SPLITS, default="held-out")
    command.add_argument("--fit", action="store_true", help="fit the Platt scaling too, on --data and the samples")
    command.add_argument("--plot", type=Path, help="where to draw the reliability diagrams")
    arguments = command.parse_args()
    if arguments.fit and arguments.models:
        command.error("--fit is of all models: leave out --fit or --models")
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        models = [with_recipe_weights(served(name)) for name in arguments.models or networks.names()]
        if arguments.fit:
            models = with_platt_scaling(models, [data, datasets.load(paths.SAMPLES_DIR)])
    except UNUSABLE as error:
        command.error(str(error))
    said = f"python -m training.calibrate --data {datasets.spelled(arguments.data)} --split {arguments.split}"
    said += " --fit" * arguments.fit
    answered = {model.card.title: calibrate(model, data, arguments.split, said) for model in models}
    if arguments.plot:
        plot(answered, arguments.plot)


if __name__ == "__main__":
    main()
