"""What is taken for what? The most frequent mistakes on a data set.

    python -m training.studies.mistakes --data data/iddlite

An answer is a mistake where the label does not allow it; shares are of all labelled pixels.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from shared.contracts.labels import CLASSES
from shared.inference.model import Model
from shared.inference.segment import label
from shared.scoring import confusion
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks

IDS = 256  # that a label map can hold


def mistakes(model: Model, data: StreetSet, least: float) -> dict[tuple[str, str], float]:
    """Share of the labelled pixels by what they are and what was answered, the most frequent first, down to `least`."""
    counts = np.zeros((IDS, IDS), np.int64)
    for example in shown(data):
        counts += confusion(example.label, label(Image.fromarray(example.image), model), IDS)
    labelled = max(1, counts[data.may_be != 0].sum())
    found: Counter[tuple[str, str]] = Counter()
    for stored, may_be in enumerate(data.may_be.tolist()):
        for answer, of in enumerate(CLASSES):
            if may_be and not may_be >> answer & 1:
                found[_title(may_be), of.title.lower()] += counts[stored, answer] / labelled
    return {mistake: float(share) for mistake, share in found.most_common() if share >= least}


def _title(may_be: int) -> str:
    """What a pixel with this label may be, in words."""
    return " or ".join(each.title.lower() for c, each in enumerate(CLASSES) if may_be >> c & 1)


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
        for (label_is, answered), share in mistakes(model, data, arguments.least).items():
            print(f"  {share:5.1%}  {label_is} taken for {answered}")


if __name__ == "__main__":
    main()
