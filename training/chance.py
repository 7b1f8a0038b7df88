"""Fit the chance of being right: how often an answer is right, by how many models agree with it and how sure they are.

    python -m training.chance --data data/labelmefacade --check data/iddlite --plot docs/images/chance.svg

Fits `shared/chance/table.json` on photos that no model was trained on, and says how well it holds: cross-fitted, every
photo measured by a table that was fitted on other walks alone, and on the sets given to --check by the final table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.chance import table
from shared.chance.table import Chance, Tally
from shared.chance.votes import count_votes
from shared.inference.confidence import enlarged
from shared.inference.segment import coarse_logits, served_confidence
from shared.inference.upsample import upsample
from training.data import datasets
from training.data.datasets import StreetSet
from training.evaluate import SPLITS, UNUSABLE, served, shown
from training.learning import networks

STEP = 4  # every so many pixels in both directions: neighbours say the same
FOLDS = 5
BINS = 15


@dataclass(frozen=True)
class Answered:
    """A photo's labelled pixels, models×pixels: class ids, 255 x confidence, whether each answer is right."""

    name: str
    labels: NDArray[np.uint8]
    confidence: NDArray[np.uint8]
    right: NDArray[np.bool_]

    @property
    def fold(self) -> int:
        """The same for all photos of one walk, whose neighbours are alike."""
        walk = self.name.rstrip("0123456789_")
        return int(hashlib.sha256(walk.encode()).hexdigest(), 16) // 10 % FOLDS

    def tally(self) -> Tally:
        """What this photo adds to a fit."""
        tally = Tally()
        tally.add(self.labels, self.confidence, self.right)
        return tally

    def winning(self, chance: Chance) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The chance of each pixel's winning answer, and whether it is right."""
        votes = count_votes(self.labels, self.confidence)
        return chance.of_winner(votes), votes.winner(self.right)


def answers(models: list[str], data: StreetSet) -> Iterator[Answered]:
    """What the models make of each photo's labelled pixels, on a grid of them."""
    ready = [served(model) for model in models]
    for example in shown(data):
        image = Image.fromarray(example.image)
        logits = [coarse_logits(image, model)[0] for model in ready]
        labels = np.stack([upsample(coarse, image.size)[::STEP, ::STEP].ravel() for coarse in logits])
        sure = [served_confidence(coarse, model.card) for coarse, model in zip(logits, ready, strict=True)]
        certain = np.stack([enlarged(one, image.size)[::STEP, ::STEP].ravel() for one in sure])
        may_be = data.may_be[example.label[::STEP, ::STEP].ravel()]
        known = may_be != 0
        right = (may_be[known] >> labels[:, known] & 1).astype(bool)
        yield Answered(example.name, labels[:, known], certain[:, known], right)


def fitted(photos: list[Answered]) -> Chance:
    """The table of some photos; raises `ValueError` when they leave a row of it empty."""
    tally = Tally()
    for photo in photos:
        tally.merge(photo.tally())
    chance = tally.fit()
    Chance.from_document(chance.document())  # what is not a table cannot be loaded, and answers nothing
    return chance


@dataclass(frozen=True)
class Check:
    """How chances held: by bin the share of pixels, mean chance and share of right answers; and by photo."""

    bins: NDArray[np.float64]
    photos: NDArray[np.float64]

    @property
    def figures(self) -> dict[str, float]:
        """ECE over pixels; and by photo the mean error of the predicted accuracy, and its rank correlation."""
        share, mean, right = self.bins
        foretold, found = self.photos
        ranks = [np.argsort(np.argsort(values)) for values in self.photos]
        return {
            "ECE": round(float(np.nansum(share * abs(mean - right))), 4),
            "mean error of a photo's pixel accuracy": round(float(abs(foretold - found).mean()), 4),
            "rank correlation by photo": round(float(np.corrcoef(ranks[0], ranks[1])[0, 1]), 4),
            "photos": len(foretold),
        }


def check(pairs: list[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> Check:
    """Compare chances and outcomes, by photo."""
    chance, right = (np.concatenate(parts).astype(float) for parts in zip(*pairs, strict=True))
    place = (chance * BINS).astype(int).clip(max=BINS - 1)
    count = np.bincount(place, minlength=BINS)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, BINS) / count for values in (chance, right)]
    bins = np.stack([count / len(place), *means])
    return Check(bins, np.array([[c.mean() for c, _ in pairs], [r.mean() for _, r in pairs]]))


def cross_fitted(photos: list[Answered]) -> Check:
    """How chances hold on each fold by a table of the other folds; raises `ValueError` as `fitted` does."""
    pairs = []
    for fold in range(FOLDS):
        without = fitted([photo for photo in photos if photo.fold != fold])
        pairs += [photo.winning(without) for photo in photos if photo.fold == fold]
    return check(pairs)


def plot(checks: dict[str, Check], path: Path) -> None:
    """Chance against outcome: pixels above, photos below, a column a set."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        2, len(checks), figsize=(3.8 * len(checks), 7.2), layout="constrained", squeeze=False
    )
    for column, (title, result) in zip(axes.T, checks.items(), strict=True):
        share, mean, right = result.bins
        seen = share > 0.001
        for axis, points, name in (
            (column[0], (mean[seen], right[seen]), "pixels"),
            (column[1], result.photos, "photos"),
        ):
            axis.plot([0, 1], [0, 1], color="#999999", linewidth=1)
            axis.plot(*points, "o-" if name == "pixels" else "o", ms=3, color="#1f6feb", alpha=0.8)
            axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel=f"chance of being right, {name}")
        column[0].set_title(f"{title}\nECE {result.figures['ECE']:.3f}", fontsize=10)
    axes[0, 0].set_ylabel("share of right answers")
    axes[1, 0].set_ylabel("pixel accuracy")
    figure.savefig(path)
    pyplot.close(figure)


def main() -> None:
    """Fit, check, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="a data set's folder")
    parser.add_argument("--split", choices=SPLITS, default="held-out")
    parser.add_argument("--check", type=Path, nargs="*", default=[], help="other sets to check the table on")
    parser.add_argument("--limit", type=int, help="at most so many photos of each of these")
    parser.add_argument("--plot", type=Path, help="where to draw how it holds")
    arguments = parser.parse_args()
    if len(set(arguments.models)) < max(table.SIZES):
        parser.error(f"the table is of pairs and threes of models: --models wants {max(table.SIZES)} or more")
    try:
        data = datasets.load(arguments.data, SPLITS[arguments.split])
        others = [datasets.load(folder, limit=arguments.limit) for folder in arguments.check]
        photos = list(answers(arguments.models, data))
    except UNUSABLE as error:
        parser.error(str(error))
    try:
        chance, crossed = fitted(photos), cross_fitted(photos)
    except ValueError as error:
        parser.error(f"{len(photos)} photos of {data.name} are too few: {error}")
    checks = {f"{data.name}, cross-fitted": crossed}
    source = f"{data.name}, {arguments.split}: {len(photos)} photos"
    chance = replace(chance, models=tuple(arguments.models), source=source, figures=crossed.figures)
    table.FITTED.write_text(json.dumps(chance.document(), indent=1) + "\n", encoding="utf-8")
    print(source, json.dumps(chance.figures), flush=True)
    for other in others:
        checks[other.name] = check([photo.winning(chance) for photo in answers(arguments.models, other)])
        print(other.name, json.dumps(checks[other.name].figures), flush=True)
    if arguments.plot:
        plot(checks, arguments.plot)


if __name__ == "__main__":
    main()
