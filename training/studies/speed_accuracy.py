"""Plot each network's accuracy against its cost, as it is served.

    python -m training.studies.speed_accuracy --card --out docs/images/speed-accuracy.svg

Accuracy is that of the cards' figures; time is measured here, on one photo of 2 megapixels brought to each network's
serving size, the networks taking turns, so that whatever else the machine does slows all of them alike. What is timed
is what serves, ONNX Runtime in the precision that the card names, whatever TRIPANE_ENGINE says. --card writes the times
into the cards, for the page's plot, and into the table of docs/studies.md.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from shared.contracts.card import Card
from shared.inference.model import ENGINES, Model
from shared.inference.segment import coarse_logits
from shared.paths import DOCS_DIR
from shared.stopwatch import Stopwatch
from training.evaluate import UNUSABLE, served
from training.learning import networks
from training.scoring import cards
from training.scoring.plots import panels

PHOTO = (2048, 1024)
TABLE = "| | served in | network, ms | million parameters | {} |\n|---|---|---:|---:|---:|\n"


@dataclass(frozen=True)
class Point:
    """One model: precision it is served in, milliseconds for one photo, parameters, what its card says of accuracy."""

    title: str
    precision: str
    milliseconds: float
    parameters: int
    accuracy: float


def as_served(name: str, threads: int) -> Model:
    """A model by the engine that serves, in the precision that its card has served."""
    return served(name, threads, ENGINES[0])


def network_ms(model: Model, photo: Image.Image) -> float:
    """How long one forward pass takes, in milliseconds."""
    watch = Stopwatch()
    coarse_logits(photo, model, watch=watch)
    return watch.timings_ms["network"]


def measure(models: dict[str, Model], rounds: int) -> dict[str, float]:
    """Median milliseconds of each network over `rounds` in which all take their turn."""
    photo = Image.effect_noise(PHOTO, 60).convert("RGB")
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(rounds + 2):
        for name, model in models.items():
            times[name].append(network_ms(model, photo))
    return {name: statistics.median(taken[2:]) for name, taken in times.items()}  # the first two warm up


def accuracy(card: Card, metric: str, data: str) -> float:
    """A figure of the card; raises `LookupError` saying how to get it."""
    for figure in card.document["figures"]:
        if (figure["metric"], figure["data"]) == (metric, data):
            return float(figure["value"])
    raise LookupError(
        f"the card of {card.title} has no {metric} on {data}: python -m training.evaluate --card writes it"
    )


def plot(points: list[Point], ylabel: str, path: Path) -> None:
    """Two panels: accuracy by time and by parameters."""
    with panels(path, 2, (8, 3.4)) as axes:
        for axis, xlabel, costs in (
            (axes[0], "milliseconds for a photo of 2 megapixels, as served", [point.milliseconds for point in points]),
            (axes[1], "million parameters", [point.parameters / 1e6 for point in points]),
        ):
            for point, cost in zip(points, costs, strict=True):
                axis.plot(cost, point.accuracy, "o", ms=9)
                named = f"{point.title} ({point.precision}), {cost:.3g}"
                axis.annotate(named, (cost, point.accuracy), (8, 6), textcoords="offset points", fontsize=9)
            axis.set(xlabel=xlabel, xlim=(0, 1.5 * max(costs)))
            axis.grid(alpha=0.3)
        axes[0].set_ylabel(ylabel)
        axes[0].margins(y=0.25)


def with_table(document: str, points: list[Point], accuracy: str) -> str:
    """A document whose table of points is this; raises `ValueError` when it has none."""
    rows = "".join(
        f"| {p.title} | {p.precision} | {p.milliseconds:.0f} | {p.parameters / 1e6:.2f} | {p.accuracy:.3f} |\n"
        for p in points
    )
    old = re.escape(TABLE).replace(re.escape("{}"), "[^|]*") + r"(\|.*\n)*"
    written, count = re.subn(old, lambda _: TABLE.format(accuracy) + rows, document)
    if count != 1:
        raise ValueError(f"{count} tables of speed and accuracy, where there must be one")
    return written


def main() -> None:
    """Measure, look accuracy up, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--metric", default="mIoU")
    parser.add_argument("--data", default="samples", help="the data set that the cards' figure is of")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, required=True, help="an .svg or .png")
    parser.add_argument("--card", action="store_true", help="write the times into the models' cards")
    arguments = parser.parse_args()
    try:
        models = {name: as_served(name, arguments.threads) for name in networks.names()}
        right = {name: accuracy(model.card, arguments.metric, arguments.data) for name, model in models.items()}
    except (LookupError, *UNUSABLE) as error:
        parser.error(str(error))
    times = measure(models, arguments.rounds)
    points = [
        Point(model.card.title, model.card.precision, times[name], model.card.document["parameters"], right[name])
        for name, model in models.items()
    ]
    for point in points:
        print(
            f"{point.title:10} {point.precision:8} {point.milliseconds:7.1f} ms {point.parameters:9,} parameters "
            f"{point.accuracy:.3f}"
        )
    what = f"{arguments.metric}, {arguments.data}"
    plot(points, what, arguments.out)
    if arguments.card:
        command = (
            f"python -m training.studies.speed_accuracy --threads {arguments.threads} --card --out {arguments.out}"
        )
        for name, taken in times.items():
            found = cards.figure(
                "network milliseconds", round(taken, 1), "2-megapixel photo", f"{arguments.threads} threads", command
            )
            cards.add_figures(name, [found])
        studies = DOCS_DIR / "studies.md"
        studies.write_text(with_table(studies.read_text(encoding="utf-8"), points, what), encoding="utf-8")


if __name__ == "__main__":
    main()
