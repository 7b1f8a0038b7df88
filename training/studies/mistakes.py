"""What is taken for what? The most frequent mistakes on a data set, in percent of its labelled pixels.

python -m training.studies.mistakes --data data/iddlite
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASS_NAMES, CLASSES
from shared.inference.model import Model
from shared.inference.segment import label
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks


def answers(model: Model, data: StreetSet) -> NDArray[np.int64]:
    """How many pixels of each stored label id got each class, 256×classes."""
    counts = np.zeros((256, 256), np.int64)
    for example in shown(data):
        answer = label(Image.fromarray(example.image), model)
        pairs = example.label.astype(np.int64) << 8 | answer
        counts += np.bincount(pairs.ravel(), minlength=counts.size).reshape(counts.shape)
    return counts[:, : len(CLASSES)]


def mistakes(counts: NDArray[np.int64], data: StreetSet, least: float) -> dict[tuple[str, str], float]:
    """Share of the labelled pixels by what they are and what was answered, the most frequent first, down to `least`."""
    labelled = data.may_be != 0
    shares = counts / max(1, counts[labelled].sum())
    wrong = {
        (_title(int(may_be)), CLASSES[answer].title.lower()): float(shares[stored, answer])
        for stored, may_be in enumerate(data.may_be)
        for answer in range(len(CLASSES))
        if may_be and not may_be >> answer & 1 and shares[stored, answer] >= least
    }
    return dict(sorted(wrong.items(), key=lambda item: -item[1]))


def _title(may_be: int) -> str:
    """What a pixel with this label may be, in words."""
    return " or ".join(CLASSES[c].title.lower() for c in range(len(CLASS_NAMES)) if may_be >> c & 1)


def main() -> None:
    """Parse the command line, then list each model's mistakes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--data", type=Path, required=True, help="a data set's folder")
    parser.add_argument("--split", choices=SPLITS, default="all")
    parser.add_argument("--least", type=float, default=0.005, help="share of the pixels from which a mistake is listed")
    arguments = parser.parse_args()
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        models = [served(name) for name in arguments.models]
    except UNUSABLE as error:
        parser.error(str(error))
    for model in models:
        print(model.card.title)
        for (label_is, answered), share in mistakes(answers(model, data), data, arguments.least).items():
            print(f"  {share:5.1%}  {label_is} taken for {answered}")


if __name__ == "__main__":
    main()
