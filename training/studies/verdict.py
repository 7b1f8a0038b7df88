"""What predicts, without labels, which model is the most accurate on a photo? From reports of `tripane compare`.

    python -m tripane compare assets/samples --truth assets/samples --out report
    python -m training.studies.verdict report

Of each photo whose truth is known it asks three witnesses for the best model: the cards' IoU by class on CamVid's
held-out drive, weighted by the areas that the models find (what the page's verdict goes by, frontend/modules/verdict),
mean confidence, and mean agreement with the others. It prints how often each names the model with most right pixels,
and how far behind the best its choice is on average.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from shared.contracts.card import Card, load_cards
from shared.contracts.labels import CLASS_NAMES
from training.scoring.cards import of_a_run

Answers = dict[str, dict[str, str]]
"""The rows of one photo, by model."""


def main() -> None:
    """Print a line for each witness."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", type=Path, help="folders that tripane compare --truth has written")
    photos = [answers for report in parser.parse_args().reports for answers in read(report)]
    if not photos:
        parser.error("no photo has truth and an answer of two models")
    print(f"{len(photos)} photos")
    for name, witness in WITNESSES.items():
        hits, behind = judge(photos, witness)
        found = f"names the best model on {100 * hits:.0f} % of them"
        print(f"{name}: {found}, else chooses one {100 * behind:.1f} points behind")


def read(report: Path) -> list[Answers]:
    """The photos of a report whose truth is known, with at least two models' answers each.

    Models of whose IoU no card says anything, because they were brought or removed since, are left out.
    """
    photos: dict[str, Answers] = {}
    known = {model for model, card in load_cards().items() if set(CLASS_NAMES) <= iou(card).keys()}
    with (report / "results.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "done" and row["pixel_accuracy"] and row["model"] in known:
                photos.setdefault(row["photo"], {})[row["model"]] = row
    return [answers for answers in photos.values() if len(answers) > 1]


def by_cards(answers: Answers) -> dict[str, float]:
    """The IoU to be expected of each model, by its card and what all of them find on the photo."""
    areas = {c: float(np.mean([float(row[f"share_{c}"]) for row in answers.values()])) for c in CLASS_NAMES}
    cards = load_cards()
    return {model: sum(areas[c] * iou(cards[model])[c] for c in CLASS_NAMES) for model in answers}


def iou(card: Card) -> dict[str, float]:
    """By class on CamVid's held-out drive, as far as the card tells it."""
    drive = [f for f in card.document.get("figures", []) if f["data"] == "camvid" and of_a_run(f)]
    return {f["metric"].removeprefix("IoU "): float(f["value"]) for f in drive}


WITNESSES: dict[str, Callable[[Answers], dict[str, float]]] = {
    "cards": by_cards,
    "confidence": lambda answers: {model: float(row["confidence"]) for model, row in answers.items()},
    "agreement": lambda answers: {model: float(row["agreement"]) for model, row in answers.items()},
}


def judge(photos: list[Answers], witness: Callable[[Answers], dict[str, float]]) -> tuple[float, float]:
    """The share of photos of which it names the best model; how many points of right pixels it loses on the others."""
    lost = []
    for answers in photos:
        says = witness(answers)
        right = {model: float(row["pixel_accuracy"]) for model, row in answers.items()}
        lost.append(max(right.values()) - right[max(says, key=lambda model: says[model])])
    missed = [points for points in lost if points > 0]
    return 1 - len(missed) / len(lost), float(np.mean(missed)) if missed else 0.0


if __name__ == "__main__":
    main()
