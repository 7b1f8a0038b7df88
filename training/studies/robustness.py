"""How much of its accuracy does a model keep at night, in rain, out of focus? By kind of `shared.stress`.

    python -m training.studies.robustness --card
    python -m training.studies.robustness --data data/camvid --drive 0006R0 --every 5
    python -m training.studies.robustness --data data/labelmefacade --split held-out --models enet --runs runs/enet

Photos whose short side exceeds 512 px are first resized to that, the size that networks see; each has its own seed.
Scores are mean IoU where labels are exact, else pixel accuracy; "kept" is the mean over all corruptions as a share of
the score on clean photos. --card writes both into the cards.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from shared import paths
from shared.inference.model import Model
from shared.stress import KINDS, SEVERITIES, SHORT_SIDE, stress
from training.data import datasets
from training.data.datasets import Example, StreetSet
from training.evaluate import SPLITS, UNUSABLE, evaluate, served, trained
from training.learning import networks
from training.scoring import cards

CLEAN = "clean"


def stressed(data: StreetSet, kind: str, severity: int) -> StreetSet:
    """The same photos corrupted, with the same labels."""
    small = map(as_seen, data.examples)
    worse = [replace(e, image=stress(e.image, kind, severity, seed)) for seed, e in enumerate(small)]
    return replace(data, examples=worse)


def made_worse(data: StreetSet) -> StreetSet:
    """One corruption for each photo: kinds take turns, and each round of them has the next severity."""
    kinds = list(KINDS)
    worse = [
        stressed(replace(data, examples=[example]), kinds[i % len(kinds)], SEVERITIES[i // len(kinds) % 5]).examples[0]
        for i, example in enumerate(data.examples)
    ]
    return replace(data, examples=worse)


def as_seen(example: Example) -> Example:
    """A photo of more than 512 px on its short side brought to that, and its labels with it."""
    height, width = example.image.shape[:2]
    factor = SHORT_SIDE / min(height, width)
    if factor >= 1:
        return example
    size = round(width * factor), round(height * factor)
    photo = Image.fromarray(example.image).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    labels = Image.fromarray(example.label).resize(size, Image.Resampling.NEAREST)
    return replace(example, image=np.array(photo), label=np.array(labels))


def by_kind(model: Model, data: StreetSet, severity: int) -> dict[str, float]:
    """The score on the clean photos, and on those of each corruption."""
    versions = {CLEAN: replace(data, examples=list(map(as_seen, data.examples)))}
    versions |= {kind: stressed(data, kind, severity) for kind in KINDS}
    scores = {kind: evaluate(model, worse) for kind, worse in versions.items()}
    return {kind: score.miou if data.exact else score.pixel_accuracy for kind, score in scores.items()}


def kept(scores: dict[str, float]) -> float:
    """Mean over the kinds, as a share of the clean score."""
    return float(np.mean([scores[kind] for kind in KINDS])) / scores[CLEAN]


def table(results: dict[str, dict[str, float]]) -> str:
    """Markdown, a row a kind and a column a model."""
    titles = {CLEAN: CLEAN} | KINDS
    rows = [f"| | {' | '.join(results)} |", f"|---|{'---:|' * len(results)}"]
    rows += [
        f"| {title} | {' | '.join(f'{scores[kind]:.3f}' for scores in results.values())} |"
        for kind, title in titles.items()
    ]
    return "\n".join([*rows, f"| **kept** | {' | '.join(f'{kept(scores):.1%}' for scores in results.values())} |"])


def main() -> None:
    """Parse the command line, score each model, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--data", type=Path, default=paths.SAMPLES_DIR, help="a data set's folder")
    parser.add_argument("--runs", nargs="+", type=Path, help="score not the served weights but these runs' of --models")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--split", choices=SPLITS, default="all")
    part.add_argument("--drive", help="only this drive of CamVid")
    parser.add_argument("--every", type=int, default=1, help="only one photo in so many")
    parser.add_argument("--severity", type=int, choices=SEVERITIES, default=3)
    parser.add_argument("--card", action="store_true", help="write the figures into the models' cards")
    arguments = parser.parse_args()
    if arguments.runs and (arguments.card or len(arguments.runs) != len(arguments.models)):
        parser.error("--runs wants a run for each of --models, and no --card, which is of the served weights")
    keep, split = SPLITS[arguments.split], arguments.split
    if drive := arguments.drive:
        keep, split = (lambda name: datasets.sequence(name) == drive), f"drive {drive}"
    try:
        data = datasets.load(arguments.data, keep)
        models = (
            [trained(*pair) for pair in zip(arguments.models, arguments.runs, strict=True)]
            if arguments.runs
            else [served(name) for name in arguments.models]
        )
    except UNUSABLE as error:
        parser.error(str(error))
    data = datasets.some(data, range(0, len(data), arguments.every))
    if arguments.every > 1:
        split = f"{split}, one photo in {arguments.every}"
    print(f"{len(data)} photos of {data.name} ({split}), severity {arguments.severity}", flush=True)
    results = {}
    for model in models:
        results[model.card.title] = scores = by_kind(model, data, arguments.severity)
        if arguments.card:
            part_option = f"--drive {drive}" if drive else f"--split {arguments.split}"
            command = (
                f"python -m training.studies.robustness --data {datasets.spelled(arguments.data)} {part_option} "
                f"--every {arguments.every} --severity {arguments.severity}"
            )
            where = data.name, f"{split}, severity {arguments.severity}", command
            metric = "mIoU under stress" if data.exact else "pixel accuracy under stress"
            found = {metric: kept(scores) * scores[CLEAN], "kept under stress": kept(scores)}
            cards.add_figures(model.card.name, [cards.figure(name, value, *where) for name, value in found.items()])
    print(table(results))


if __name__ == "__main__":
    main()
