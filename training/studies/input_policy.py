"""How large a photo should a network see? Accuracy and time by short side, for photos of many sizes.

    python -m training.studies.input_policy --plot docs/images/input-policy.svg

The rendered samples, whose truth is exact, are shown as photos of 0.2 to 12 megapixels, and each is brought to every
short side that is tried, enlarged if need be; what comes out is compared at the photo's own size with the truth. The
time is that of the network alone, sizes and networks taking turns. Prints a table a model; --data scores another set
too, at its photos' own size.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from shared import paths
from shared.contracts.card import Card
from shared.inference.model import Model
from training.data import datasets
from training.data.datasets import Example, StreetSet
from training.evaluate import SPLITS, UNUSABLE, evaluate, served
from training.learning import networks
from training.scoring.plots import panels
from training.studies.speed_accuracy import PHOTO, network_ms

SAMPLES = paths.SAMPLES_DIR
MEGAPIXELS = (0.2, 0.5, 2, 12)
SHORT_SIDES = (256, 384, 448, 512, 576, 640, 768)
ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """One short side: mean IoU by the photos' megapixels, pixel accuracy on another set, the network's milliseconds."""

    short_side: int
    miou: dict[float, float]
    accuracy: float
    milliseconds: float


def samples(megapixels: float) -> StreetSet:
    """The rendered samples as photos of so many megapixels, with the truth at that size."""
    found = datasets.load(SAMPLES)
    return replace(found, examples=[_of_size(example, megapixels) for example in found.examples])


def _of_size(example: Example, megapixels: float) -> Example:
    photo, labels = Image.fromarray(example.image), Image.fromarray(example.label)
    factor = (megapixels * 1e6 / (photo.width * photo.height)) ** 0.5
    size = (round(photo.width * factor), round(photo.height * factor))
    pixels = np.array(photo.resize(size, Image.Resampling.LANCZOS))
    return replace(example, image=pixels, label=np.array(labels.resize(size, Image.Resampling.NEAREST)))


def seeing(card: Card, short_side: int) -> Card:
    """The card with another short side, to which photos of any size are resized."""
    wide = card.input.max_long_side * short_side // card.input.short_side
    return replace(card, input=replace(card.input, short_side=short_side, max_long_side=wide, max_enlargement=100))


def milliseconds(models: dict[str, Model]) -> dict[tuple[str, int], float]:
    """Median time of each network at each short side for a photo of 2 megapixels, all taking turns."""
    photo = Image.effect_noise(PHOTO, 60).convert("RGB")
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS + 1):
        for name, model in models.items():
            for short_side in SHORT_SIDES:
                trial = replace(model, card=seeing(model.card, short_side))
                times.setdefault((name, short_side), []).append(network_ms(trial, photo))
    return {key: statistics.median(taken[1:]) for key, taken in times.items()}  # the first warms up


def table(rows: list[Row], chosen: int, data: str) -> str:
    """A table for docs/studies.md; the short side that the card has is bold."""
    head = ["short side, px", *(f"mIoU at {m:g} MP" for m in MEGAPIXELS), f"pixel accuracy, {data}", "network, ms"]
    lines = [f"| {' | '.join(head)} |", "|---:" * len(head) + "|"]
    for row in rows:
        side = f"**{row.short_side}**" if row.short_side == chosen else str(row.short_side)
        cells = [side, *(f"{row.miou[m]:.3f}" for m in MEGAPIXELS), f"{row.accuracy:.3f}", f"{row.milliseconds:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def plot(found: dict[str, list[Row]], path: Path) -> None:
    """A panel a model: mean IoU over time, a line for each size of photo, a point for each short side."""
    with panels(path, len(found), (4 * len(found), 3.6)) as axes:
        for axis, (title, rows) in zip(axes, found.items(), strict=True):
            for megapixels in MEGAPIXELS:
                times, scores = zip(*((row.milliseconds, row.miou[megapixels]) for row in rows), strict=True)
                axis.plot(times, scores, "o-", ms=4, label=f"{megapixels:g} MP")
            for row in rows:
                place = (row.milliseconds, max(row.miou.values()))
                axis.annotate(str(row.short_side), place, (0, 6), textcoords="offset points", fontsize=7, ha="center")
            axis.set(title=title, xlabel="network, ms")
            axis.grid(alpha=0.3)
        axes[0].set_ylabel("mIoU on the rendered samples")
        axes[0].legend(fontsize=8)


def main() -> None:
    """Score, time, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=networks.names(), default=networks.names())
    parser.add_argument("--data", type=Path, default=datasets.home() / "labelmefacade", help="another set to score")
    parser.add_argument("--split", choices=SPLITS, default="held-out")
    parser.add_argument("--every", type=int, default=3, help="of that set, each so many-th photo")
    parser.add_argument("--plot", type=Path, help="an .svg or .png")
    given = parser.parse_args()
    try:
        models = {name: served(name) for name in given.models}
        other = datasets.load(given.data, SPLITS[given.split])
    except UNUSABLE as error:
        parser.error(str(error))
    sizes = {megapixels: samples(megapixels) for megapixels in MEGAPIXELS}
    other = replace(other, examples=other.examples[:: given.every])
    times = milliseconds(models)
    found: dict[str, list[Row]] = {}
    for name, model in models.items():
        card, rows = model.card, found.setdefault(model.card.title, [])
        for short_side in SHORT_SIDES:
            trial = replace(model, card=seeing(card, short_side))
            miou = {megapixels: evaluate(trial, photos).miou for megapixels, photos in sizes.items()}
            accuracy = evaluate(trial, other).pixel_accuracy
            rows.append(Row(short_side, miou, accuracy, times[name, short_side]))
        print(f"{card.title}\n\n{table(rows, card.input.short_side, other.name)}\n", flush=True)
    if given.plot:
        plot(found, given.plot)


if __name__ == "__main__":
    main()
