"""Should the winning class make up for the class weights of training too, as confidence does?

    python -m training.studies.class_weights

Networks that were trained with class weights answer as if rare classes were more frequent (see
`shared.inference.confidence`). This subtracts a share of the weights' logarithm from the logits before the arg-max, and
scores the label maps: mean IoU where labels are exact, else pixel accuracy. CamVid's photos were trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared import paths
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from shared.inference.segment import coarse_logits, own_labels
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks
from training.scoring.metrics import Scores

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
EVERY = 4
"""One photo of CamVid in so many: neighbours are alike."""


def adjusted(logits: NDArray[np.float32], weights: Sequence[float], share: float) -> NDArray[np.float32]:
    """Logits, classes×h×w, that make up for this share of the class weights."""
    shift = np.float32(share) * np.log(np.array(weights, np.float32))
    return logits - shift[:, np.newaxis, np.newaxis]


def score(model: Model, data: StreetSet) -> dict[float, float]:
    """Mean IoU, or pixel accuracy where labels are not exact, by share."""
    scores = {share: Scores(len(CLASS_NAMES)) for share in SHARES}
    weights = model.card.class_weights or [1.0] * len(CLASS_NAMES)
    for example in shown(data):
        image = Image.fromarray(example.image)
        logits = coarse_logits(image, model)[0]
        for share, found in scores.items():
            found.add(own_labels(adjusted(logits, weights, share), image.size), data.may_be[example.label])
    return {share: found.miou if data.exact else found.pixel_accuracy for share, found in scores.items()}


def measured(home: Path) -> dict[str, StreetSet]:
    """What is measured on, by title; `home` is the folder of the data sets."""
    camvid = datasets.load(home / "camvid")
    return {
        "samples": datasets.load(paths.SAMPLES_DIR),
        "held-out facades": datasets.load(home / "labelmefacade", SPLITS["held-out"]),
        "IDD-Lite": datasets.load(home / "iddlite"),
        "CamVid, trained on": datasets.some(camvid, range(0, len(camvid), EVERY)),
    }


def table(results: Mapping[str, Mapping[str, Mapping[float, float]]]) -> str:
    """Markdown of results by model, set and share: a row for each model and share."""
    sets = list(next(iter(results.values())))
    rows = [f"| | share | {' | '.join(sets)} |", f"|---|---:|{'---:|' * len(sets)}"]
    for model, scores in results.items():
        for share in SHARES:
            rows.append(f"| {model} | {share:.2f} | {' | '.join(f'{scores[name][share]:.3f}' for name in sets)} |")
    return "\n".join(rows)


def main() -> None:
    """Parse the command line, score each model, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    arguments = parser.parse_args()
    try:
        sets, models = measured(arguments.data), [served(name) for name in arguments.models]
    except UNUSABLE as error:
        parser.error(str(error))
    print(table({model.card.title: {name: score(model, data) for name, data in sets.items()} for model in models}))


if __name__ == "__main__":
    main()
