"""Fit the number that says whether a photo looks like a street: `shared.inference.street`.

    python -m training.fit_street --library build/pictures --write

Streets for fitting: CamVid, the facades of the training set and half of the unlabelled photos, clean and with every
corruption of `shared.stress`. Streets for testing: the held-out facades, IDD-Lite, the other unlabelled photos and the
rendered samples, likewise. Other pictures are those of `training.data.strangers`: half of the kinds for fitting, the
other kinds for testing, with nothing in common.

The threshold is where `REFUSED` of the streets for fitting are refused. Prints AUROC (the chance that a street has the
higher number than another picture), by kind and for all networks together, and what is refused. --library names an
environment that has scikit-image, scikit-learn and mahotas, for their pictures:

    python -m venv build/pictures && build/pictures/bin/pip install scikit-image scikit-learn mahotas
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from shared import paths
from shared.inference.model import Model
from shared.inference.segment import coarse_logits
from shared.inference.street import FITTED, Street, statistics
from training.data import datasets
from training.data.datasets import StreetSet
from training.data.strangers import CHOOSING, EACH, MEASURING, strangers
from training.evaluate import UNUSABLE, served, trained
from training.learning import networks
from training.scoring import cards
from training.studies.robustness import made_worse

REFUSED = 0.002
PENALTY = 10.0
"""L2 regularisation of the weights of standardised statistics, in pictures: without it the fit overfits."""

Photos = dict[str, list[NDArray[np.uint8]]]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Pictures:
    """Streets and others, by set or kind."""

    streets: Photos
    others: Photos


def pictures(data: Path, samples: Path, library: Path | None) -> tuple[Pictures, Pictures]:
    """Those to choose by, and those to measure by. Raises `FileNotFoundError` where a set is missing."""
    unlabelled = datasets.load(data / "unlabelled")
    first, second = datasets.halves([example.name for example in unlabelled.examples])
    choosing = [
        datasets.some(datasets.load(data / "camvid"), range(0, 468, 8)),
        datasets.some(
            datasets.load(data / "labelmefacade", lambda name: not datasets.held_out(name)), range(0, 613, 10)
        ),
        datasets.some(unlabelled, first),
    ]
    measuring = [
        datasets.some(datasets.load(data / "labelmefacade", datasets.held_out), range(0, 87, 2)),
        datasets.some(datasets.load(data / "iddlite"), range(0, 188, 4)),
        datasets.some(unlabelled, second),
        datasets.load(samples),
    ]
    facades = [example.image for example in measuring[0].examples]
    return (
        Pictures(_streets(choosing), strangers(CHOOSING, library, [])),
        Pictures(_streets(measuring), strangers(MEASURING, library, facades[:EACH])),
    )


def _streets(sets: list[StreetSet]) -> Photos:
    """Photos by set, and the corrupted ones."""
    return {
        f"{data.name}{how}": [example.image for example in version.examples]
        for data in sets
        for how, version in (("", data), (", corrupted", made_worse(data)))
    }


def seen(model: Model, photos: Photos) -> dict[str, Numbers]:
    """The statistics of every photo, by set: photos×statistics."""

    def of(photo: NDArray[np.uint8]) -> Numbers:
        return statistics(coarse_logits(Image.fromarray(photo), model)[0])

    return {
        name: np.stack([of(photo) for photo in tqdm(some, desc=name, leave=False)]) for name, some in photos.items()
    }


def fit(streets: Numbers, others: Numbers, sha256: str) -> Street:
    """A logistic regression with both sides weighted equally, its threshold moved to refuse few of these streets."""
    every = np.concatenate([streets, others])
    mean, deviation = every.mean(0), every.std(0) + 1e-6
    right = np.arange(len(every)) < len(streets)
    weights, bias = logistic((every - mean) / deviation, right, PENALTY)
    street = Street(weights / deviation, bias - float(mean @ (weights / deviation)), sha256)
    limit = float(np.quantile(streets @ street.weights + street.bias, REFUSED))
    return replace(street, bias=street.bias - limit)


def logistic(statistics: Numbers, right: NDArray[np.bool_], penalty: float) -> tuple[Numbers, float]:
    """Weights and bias that predict `right`, true and false weighted equally, by Newton's method."""
    rows = np.column_stack([statistics, np.ones(len(statistics))])
    importance = np.where(right, 0.5 / right.mean(), 0.5 / (1 - right.mean()))
    ridge = penalty * np.diag(np.r_[np.ones(statistics.shape[1]), 0.0])
    found = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(rows @ found)))
        slope = rows.T @ (importance * (chance - right)) + ridge @ found
        bend = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + ridge
        found -= np.linalg.solve(bend, slope)
    return found[:-1], float(found[-1])


def auroc(streets: Numbers, others: Numbers) -> float:
    """The chance that a street's number is the higher one; a tie counts half."""
    difference = streets[:, None] - others
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def report(title: str, streets: dict[str, Numbers], others: dict[str, Numbers]) -> dict[str, float]:
    """Print how well log odds, by set and kind, tell the ones from the others; AUROC and shares that are refused."""
    all_streets, all_others = np.concatenate(list(streets.values())), np.concatenate(list(others.values()))
    found = {
        "AUROC, street or not": auroc(all_streets, all_others),
        "streets refused": float((all_streets < 0).mean()),
        "others refused": float((all_others < 0).mean()),
    }
    print(f"{title}: {len(all_streets)} streets, {len(all_others)} other pictures")
    print("    " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    for name, some in streets.items():
        print(f"    {name:26} {(some < 0).mean():6.1%} refused")
    for name, some in others.items():
        print(f"    {name:26} {(some < 0).mean():6.1%} refused, AUROC {auroc(all_streets, some):.3f}", flush=True)
    return found


def main() -> None:
    """Fit every model, measure each and all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=networks.names(), choices=networks.names())
    parser.add_argument("--runs", nargs="+", type=Path, help="not the served weights but these runs' of --models")
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    parser.add_argument("--samples", type=Path, default=paths.SAMPLES_DIR, help="folder of the rendered samples")
    parser.add_argument("--library", type=Path, help="an environment whose packages bring pictures")
    parser.add_argument("--write", action="store_true", help=f"write what is fitted to {FITTED.name}, and the cards")
    arguments = parser.parse_args()
    if arguments.runs and (arguments.write or len(arguments.runs) != len(arguments.models)):
        parser.error("--runs wants a run for each of --models, and no --write, which is of the served weights")
    if arguments.write and not arguments.library:
        parser.error("--write wants --library: without its pictures the fit is another")
    try:
        choosing, measuring = pictures(arguments.data, arguments.samples, arguments.library)
        models = (
            [trained(*pair) for pair in zip(arguments.models, arguments.runs, strict=True)]
            if arguments.runs
            else [served(name) for name in arguments.models]
        )
    except UNUSABLE as error:
        parser.error(str(error))
    fitted, measured, answers = {}, {}, []
    for model in models:
        card = model.card
        chosen = [_joined(seen(model, photos)) for photos in (choosing.streets, choosing.others)]
        street = fit(chosen[0], chosen[1], card.weights_sha256 or "")
        streets, others = (
            {name: rows @ street.weights + street.bias for name, rows in seen(model, photos).items()}
            for photos in (measuring.streets, measuring.others)
        )
        measured[card.name] = report(card.title, streets, others)
        fitted[card.name] = street
        answers.append((streets, others))
    if len(answers) > 1:
        mean = [{name: np.mean([side[i][name] for side in answers], 0) for name in answers[0][i]} for i in (0, 1)]
        report("All together", *mean)
    if arguments.write:
        write(fitted)
        where = "streets and other pictures", "kinds to measure by", spelled(parser, arguments)
        for name, figures in measured.items():
            cards.add_figures(name, [cards.figure(m, v, *where) for m, v in figures.items()])


def spelled(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> str:
    """The command that writes, as cards publish it: what is as usual left out."""
    command = "python -m training.fit_street"
    for name in ("models", "data", "samples", "library"):
        value = getattr(arguments, name)
        if value != parser.get_default(name):
            command += f" --{name} {' '.join(value) if name == 'models' else datasets.spelled(value)}"
    return f"{command} --write"


def write(fitted: dict[str, Street]) -> None:
    """What is fitted, beside what was fitted to other networks."""
    kept = json.loads(FITTED.read_text(encoding="utf-8")) if FITTED.exists() else {}
    for name, street in fitted.items():
        kept[name] = {
            "weights_sha256": street.weights_sha256,
            "bias": round(street.bias, 6),
            "weights": [float(f"{weight:.6g}") for weight in street.weights],
        }
    FITTED.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")


def _joined(by_set: dict[str, Numbers]) -> Numbers:
    return np.concatenate(list(by_set.values()))


if __name__ == "__main__":
    main()
