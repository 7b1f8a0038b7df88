"""Score the weights that are served, through the code that serves, on labelled photos.

    python -m training.evaluate --model enet --data data/camvid
    python -m training.evaluate --model enet --data data/labelmefacade --split held-out --card
    python -m training.evaluate --model enet --data assets/samples --card
    python -m training.evaluate --model enet --data data/camvid --drive 0006R0 --run runs/enet-held-out --card

Prints IoU by class, mean IoU over the classes that the labels hold, and pixel accuracy (an answer is right when the
label leaves it open). --card writes pixel accuracy into the model's card, and IoU where all labels are exact.

The rendered samples, held-out labelmefacade, a tenth of it, and camvid's test split (--split test) were never trained
on; of camvid every other photo was. What a recipe gives on CamVid shows a run that leaves one of its drives out
(`training.train --hold-out`) and is scored on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from shared import paths
from shared.contracts.card import Card, load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.network import load, optimise
from shared.inference.postprocess import postprocess
from shared.inference.preprocess import input_size, preprocess
from training.data import datasets
from training.data.datasets import StreetSet
from training.learning import networks
from training.scoring import cards
from training.scoring.metrics import Scores

SPLITS: dict[str, Callable[[str], bool]] = {
    "all": lambda name: True,
    "held-out": datasets.held_out,
    "trained-on": lambda name: not datasets.held_out(name),
}


def served(model: str) -> tuple[Card, nn.Module]:
    """A model's card and network as they are served."""
    card = load_card(paths.MODELS_DIR / model)
    return card, load(card, (paths.WEIGHTS_DIR / f"{model}.safetensors").read_bytes())


def trained(model: str, run: Path) -> tuple[Card, nn.Module]:
    """A model's card, and the network as a run's last checkpoint has it; its confidence is not calibrated."""
    card = load_card(paths.MODELS_DIR / model)
    return replace(card, temperature=1.0), optimise(networks.started(model, run / "checkpoint.pt"))


def answers(card: Card, network: nn.Module, data: StreetSet) -> Iterator[tuple[Tensor, NDArray[np.int16]]]:
    """For each photo the coarse logits, and its truth as H×W bit sets."""
    for example in tqdm(data.examples, unit="photo", mininterval=2, leave=False):
        height, width = example.label.shape
        pixels = preprocess(Image.fromarray(example.image), input_size(width, height, card.input), card.input)
        with torch.inference_mode():
            yield network.coarse(pixels), data.may_be[example.label]  # type: ignore[operator]


def evaluate(card: Card, network: nn.Module, data: StreetSet) -> Scores:
    """Score a network on a data set, label maps at the photos' own size."""
    scores = Scores(len(CLASS_NAMES))
    for coarse, truth in answers(card, network, data):
        height, width = truth.shape
        labels, _ = postprocess(coarse, (width, height), card.temperature)
        scores.add(labels, truth)
    return scores


def report(scores: Scores) -> str:
    """A table for people."""
    rows = [f"{name:12} {iou:7.3f}" for name, iou in zip(CLASS_NAMES, scores.iou, strict=True) if not np.isnan(iou)]
    return "\n".join([*rows, f"{'mIoU':12} {scores.miou:7.3f}", f"{'pixel acc.':12} {scores.pixel_accuracy:7.3f}"])


def figures(scores: Scores, data: StreetSet, split: str, command: str) -> list[cards.Figure]:
    """For the card: pixel accuracy, and where labels are exact mean IoU and that of each class."""
    found = {"pixel accuracy": scores.pixel_accuracy}
    if np.array_equal(data.may_be, data.mostly):
        found["mIoU"] = scores.miou
        found |= {f"IoU {n}": v for n, v in zip(CLASS_NAMES, scores.iou, strict=True) if not np.isnan(v)}
    return [cards.figure(metric, float(value), data.name, split, command) for metric, value in found.items()]


def main() -> None:
    """Parse the command line, score, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=networks.names())
    parser.add_argument("--data", required=True, type=Path, help="a data set's folder")
    parser.add_argument("--run", type=Path, help="score not the served weights but those of this run")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--split", choices=[*SPLITS, datasets.TEST], default="all")
    part.add_argument("--drive", help="only this drive of CamVid")
    parser.add_argument("--limit", type=int, help="only so many photos")
    parser.add_argument("--card", action="store_true", help="write the figures into the model's card")
    arguments = parser.parse_args()
    if arguments.run and arguments.card and not arguments.drive:
        parser.error("of a run, a card holds the score on the --drive that it left out: name it, or leave out --card")
    drive = arguments.drive
    test = arguments.split == datasets.TEST
    keep = (lambda name: datasets.sequence(name) == drive) if drive else SPLITS["all" if test else arguments.split]
    split, options = arguments.split, f"--split {arguments.split}"
    if drive:
        split, options = f"drive {drive}", f"--drive {drive}"
    if arguments.run:
        split = f"{split}{cards.OF_A_RUN}" if drive else f"{split}, by {arguments.run}"
        options = f"{options} --run {arguments.run}"
    try:
        data = datasets.load(arguments.data, keep, arguments.limit, test=test)
        card, network = trained(arguments.model, arguments.run) if arguments.run else served(arguments.model)
    except FileNotFoundError as error:
        parser.error(str(error))
    print(f"{card.title} on {len(data)} photos of {data.name} ({split})")
    scores = evaluate(card, network, data)
    print(report(scores))
    if arguments.card:
        command = f"python -m training.evaluate --model {card.name} --data {datasets.spelled(arguments.data)} {options}"
        cards.add_figures(card.name, figures(scores, data, split, command))


if __name__ == "__main__":
    main()
