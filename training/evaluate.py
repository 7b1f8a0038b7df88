"""Score the weights that are served, through the code that serves, on labelled photos.

    python -m training.evaluate --model enet --data ../shared/data/camvid
    python -m training.evaluate --model enet --data ../shared/data/labelmefacade --split held-out --card

Prints IoU by class, mean IoU over the classes that the labels hold, and pixel accuracy (an answer is right when the
label leaves it open); --card writes the latter into the model's card. Of labelmefacade only the held-out tenth was
never trained on; of camvid every photo was.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from shared.contracts.card import Card, load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.network import load
from shared.inference.postprocess import postprocess
from shared.inference.preprocess import input_size, preprocess
from training import cards, datasets, networks
from training.datasets import StreetSet
from training.metrics import Scores

SPLITS: dict[str, Callable[[str], bool]] = {
    "all": lambda name: True,
    "held-out": datasets.held_out,
    "trained-on": lambda name: not datasets.held_out(name),
}


def served(model: str) -> tuple[Card, nn.Module]:
    """A model's card and network as they are served."""
    card = load_card(networks.ROOT / "functions" / "models" / model)
    return card, load(card, (networks.WEIGHTS_DIR / f"{model}.safetensors").read_bytes())


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


def main() -> None:
    """Parse the command line, score, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=networks.names())
    parser.add_argument("--data", required=True, type=Path, help="a data set's folder")
    parser.add_argument("--split", choices=SPLITS, default="all")
    parser.add_argument("--limit", type=int, help="only so many photos")
    parser.add_argument("--card", action="store_true", help="write the figures into the model's card")
    arguments = parser.parse_args()
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split], arguments.limit)
    except FileNotFoundError as error:
        parser.error(str(error))
    card, network = served(arguments.model)
    print(f"{card.title} on {len(data)} photos of {data.name} ({arguments.split})")
    scores = evaluate(card, network, data)
    print(report(scores))
    if arguments.card:
        command = f"python -m training.evaluate --model {card.name} --data {arguments.data} --split {arguments.split}"
        found = cards.figure("pixel accuracy", scores.pixel_accuracy, data.name, arguments.split, command)
        cards.add_figures(card.name, [found])


if __name__ == "__main__":
    main()
