"""Write down what a trained network thinks of every training photo: the soft labels that smaller ones learn from.

    python -m training.soften --teacher swiftnet --out runs/soft
    python -m training.soften --run runs/swiftnet-held-out --out runs/soft-held-out     by one that left a drive out

Each photo is shown at serving size and mirrored, and the two answers are averaged: better than either, at no cost to
the students, who only read. Writes OUT/SET/NAME.npy, classes×h×w bytes (255 x probability) at the network's own stride;
photos that have one are left out, so a run that was stopped goes on.

Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network. 2015. https://arxiv.org/abs/1503.02531
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from shared.contracts.card import Card
from shared.inference.preprocess import input_size, preprocess
from training.data import datasets
from training.evaluate import served, trained
from training.learning import networks


def soft_labels(card: Card, network: nn.Module, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What `network` thinks of `photo`, H×W×3: classes×h×w bytes, 255 x probability."""
    height, width = photo.shape[:2]
    pixels = preprocess(Image.fromarray(photo), input_size(width, height, card.input), card.input)
    with torch.inference_mode():
        seen, mirrored = (_probabilities(network, view) for view in (pixels, pixels.flip(-1)))
        mean = (seen + mirrored.flip(-1)) / 2
    return (255 * mean).round().to(torch.uint8).numpy()


def _probabilities(network: nn.Module, pixels: Tensor) -> Tensor:
    coarse: Tensor = network.coarse(pixels)  # type: ignore[operator]
    return coarse[0].float().softmax(0)


def main() -> None:
    """Soften every photo that is trained on, labelled or not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", default="swiftnet", choices=networks.names())
    parser.add_argument("--run", type=Path, help="the teacher as this training run has it, instead of the served one")
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    parser.add_argument("--out", type=Path, default=Path("runs/soft"))
    parser.add_argument("--sets", nargs="+", help="only these")
    arguments = parser.parse_args()
    teacher = arguments.teacher
    card, network = trained(teacher, arguments.run) if arguments.run else served(teacher)
    for name in arguments.sets or datasets.training_sets(arguments.data):
        try:
            data = datasets.load(arguments.data / name, lambda photo: not datasets.held_out(photo))
        except FileNotFoundError as error:
            parser.error(str(error))
        folder = arguments.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for example in tqdm(data.examples, desc=name, unit="photo", mininterval=5):
            path = folder / f"{example.name}.npy"
            if not path.exists():
                np.save(path, soft_labels(card, network, example.image))


if __name__ == "__main__":
    main()
