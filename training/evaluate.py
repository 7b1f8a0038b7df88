"""Score the weights that are served, through the code that serves, on labelled photos.

    python -m training.evaluate --model enet --data data/camvid
    python -m training.evaluate --model enet --data data/labelmefacade --split held-out --card
    python -m training.evaluate --model enet --data assets/samples --card
    python -m training.evaluate --model enet --data data/camvid --drive 0006R0 --run runs/enet-held-out --card

Prints pixel accuracy (an answer is right when the label allows it), IoU of the classes that the labels can score, and,
where all labels are exact, the mean IoU over the classes that occur in them. What they cannot score is left out, and
named. --card writes pixel accuracy into the model's card, and IoU where all labels are exact; the mean of camvid's test
split is its `camvid_test_miou` too.

The rendered samples, held-out labelmefacade, a tenth of it, and camvid's test split (--split test) were never trained
on; of camvid every other photo was. How good a recipe is on CamVid is shown by a run with one of its drives
held out (`training.train --hold-out`), scored on that drive.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from shared import paths
from shared.contracts.card import load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.engine import NetworkError
from shared.inference.model import Model, read_model
from shared.inference.network import optimise
from shared.inference.segment import label
from shared.inference.torch_engine import TorchEngine
from shared.model_files import ModelFileError
from training.data import datasets
from training.data.datasets import DataSetError, Example, StreetSet
from training.learning import networks
from training.scoring import cards
from training.scoring.metrics import Scores

UNUSABLE = (FileNotFoundError, DataSetError, ModelFileError, NetworkError)
"""What a command reports in one sentence instead of crashing: unusable data, weights or networks."""
SPLITS: dict[str, Callable[[str], bool]] = {
    "all": lambda name: True,
    "held-out": datasets.held_out,
    "trained-on": lambda name: not datasets.held_out(name),
}


def served(name: str, threads: int | None = None, engine: str | None = None) -> Model:
    """A model as it is served, or by another engine."""
    return read_model(load_card(paths.MODELS_DIR / name), paths.ASSETS_DIR, threads, engine)


def trained(name: str, run: Path) -> Model:
    """A model as a run's last checkpoint has it; its temperature is 1."""
    card = load_card(paths.MODELS_DIR / name)
    network = optimise(networks.started(name, run / "checkpoint.pt"))
    return Model(replace(card, temperature=1.0), TorchEngine(network))


def shown(data: StreetSet) -> Iterator[Example]:
    """The photos of `data`, with a bar that shows how many are done."""
    yield from tqdm(data.examples, unit="photo", mininterval=2, leave=False)


def evaluate(model: Model, data: StreetSet) -> Scores:
    """Score a model on a data set, label maps at the photos' own size."""
    scores = Scores(len(CLASS_NAMES))
    for example in shown(data):
        scores.add(label(Image.fromarray(example.image), model), data.may_be[example.label])
    return scores


def told(scores: Scores, data: StreetSet) -> dict[str, float]:
    """IoU by name of the classes of which the labels of `data` can tell it and which its photos show."""
    able = zip(CLASS_NAMES, scores.iou, data.scorable & scores.held, strict=True)
    return {name: float(iou) for name, iou, told in able if told}


def report(scores: Scores, data: StreetSet) -> str:
    """A table for people of what the labels can tell, and why they tell no more."""
    if not scores.labelled:
        return f"No pixel of these photos of {data.name} is labelled: there is nothing to score."
    rows = [f"{name:12} {iou:7.3f}" for name, iou in told(scores, data).items()]
    if data.exact:
        rows.append(f"{'mIoU':12} {scores.miou:7.3f}")
    rows.append(f"{'pixel acc.':12} {scores.pixel_accuracy:7.3f}")
    for reason, these in (
        (f"No IoU, since the labels of {data.name} leave them open or do not name them", ~data.scorable),
        ("No IoU, since these photos do not show them", data.scorable & ~scores.held),
    ):
        if these.any():
            rows.append(f"{reason}: {', '.join(np.array(CLASS_NAMES)[these])}.")
    if not data.exact:
        rows.append(f"No mIoU, since a label of {data.name} may mean one of several classes.")
    return "\n".join(rows)


def figures(scores: Scores, data: StreetSet, split: str, command: str) -> list[cards.Figure]:
    """Figures for the card: pixel accuracy, and where labels are exact mean IoU and that of each class."""
    if not scores.labelled:
        return []
    found = {"pixel accuracy": scores.pixel_accuracy}
    if data.exact:
        found["mIoU"] = scores.miou
        found |= {f"IoU {name}": iou for name, iou in told(scores, data).items()}
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
    if arguments.limit and arguments.card:
        parser.error("a card holds the score on all photos, not on the first few: leave out --limit or --card")
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
        model = trained(arguments.model, arguments.run) if arguments.run else served(arguments.model)
    except UNUSABLE as error:
        parser.error(str(error))
    print(f"{model.card.title} on {len(data)} photos of {data.name} ({split})")
    scores = evaluate(model, data)
    print(report(scores, data))
    if arguments.card:
        name, folder = model.card.name, datasets.spelled(arguments.data)
        command = f"python -m training.evaluate --model {name} --data {folder} {options}"
        cards.add_figures(name, figures(scores, data, split, command))
        if test and data.name == "camvid" and scores.labelled:
            cards.update(name, {"camvid_test_miou": round(float(scores.miou), 5)})


if __name__ == "__main__":
    main()
