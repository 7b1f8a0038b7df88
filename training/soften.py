"""Write a trained network's soft labels for every training photo, for the distillation of smaller ones.

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
from torch import Tensor
from tqdm import tqdm

from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import UNUSABLE, served, trained
from training.learning import networks


def soft_labels(teacher: Model, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The soft labels of `teacher` for a photo, H×W×3 bytes: classes×h×w bytes, 255 x probability."""
    photo = Image.fromarray(pixels)
    seen = _probabilities(teacher, photo)
    mirrored = _probabilities(teacher, photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return (255 * (seen + mirrored.flip(-1)) / 2).round().to(torch.uint8).numpy()


def _probabilities(teacher: Model, photo: Image.Image) -> Tensor:
    return torch.from_numpy(coarse_logits(photo, teacher))[0].softmax(0)


def write(teacher: Model, data: StreetSet, folder: Path) -> None:
    """Write the soft labels of `teacher` for the photos of `data` that have none in `folder` yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for example in tqdm(data.examples, desc=data.name, unit="photo", mininterval=5):
        path = folder / f"{example.name}.npy"
        if not path.exists():
            new = path.with_suffix(".npy.new")  # one cut short would be passed over by the next run
            with new.open("wb") as file:
                np.save(file, soft_labels(teacher, example.image))
            new.replace(path)


def main() -> None:
    """Write soft labels for every photo that is trained on, labelled or not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", default="swiftnet", choices=networks.names())
    parser.add_argument("--run", type=Path, help="the teacher as this training run has it, instead of the served one")
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    parser.add_argument("--out", type=Path, default=Path("runs/soft"))
    parser.add_argument("--sets", nargs="+", help="only these")
    arguments = parser.parse_args()
    try:
        teacher = trained(arguments.teacher, arguments.run) if arguments.run else served(arguments.teacher)
        for name in arguments.sets or datasets.training_sets(arguments.data):
            data = datasets.load(arguments.data / name, lambda photo: not datasets.held_out(photo))
            write(teacher, data, arguments.out / name)
    except UNUSABLE as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
