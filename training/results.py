"""Write what the models score as a document, from their cards alone: `python -m training.results`.

Every figure in `docs/results.md` is thereby one that a command measured and wrote into a card, with that command beside
it.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.contracts.card import Card, load_cards
from shared.contracts.labels import CLASSES
from shared.paths import DOCS_DIR
from training.scoring.cards import OF_A_RUN

DOCUMENT = DOCS_DIR / "results.md"
DRIVE = ("camvid", f"drive 0006R0{OF_A_RUN}")
FACADES = ("labelmefacade", "held-out")
COUNTRY = ("iddlite", "all")
SAMPLES = ("samples", "all")

HEAD = """# Results

The scores of the committed weights. `python -m training.results` writes this page from the models' cards, and a test
keeps the two equal. See also [how they were trained](training.md) and [the experiments](studies.md).
"""
PHOTOS = """## On photos they have not seen

Pixel accuracy on IDD-Lite's 188 photos of another country, on the 87 facades of LabelMeFacade that were held out, and
on the ten rendered samples; mean IoU on the samples.
"""
PHOTOS_SAY = """\
IDD-Lite's and LabelMeFacade's labels are coarse, and an answer is right when the label allows it: they show how good a
network is on road, sky, buildings, trees and cars, and next to nothing about poles, signs and people. The samples'
labels are exact, but the scenes are [rendered](scenes.md), and the networks were trained on 103 others of their kind: a
high score there means less for a visitor's photo. CamVid's test images are not at hand: `camvid_test_miou` in the cards
is null until somebody measures it, with `make evaluate MODEL=enet DATA=data/camvid ARGS="--split test --card"`.
"""
CLASSES_HEAD = """## By class

IoU on the ten rendered samples.
"""
DRIVE_HEAD = """## On a drive that was not trained on

IoU on CamVid's drive 0006R0, 101 photos, of a run of each recipe with that drive held out. The committed weights have
seen the drive, so these are other weights: they show what the recipe achieves on new streets of the same town. The
drive shows hardly any bicyclists, who count as much in its mean as the road; no network finds them there.
"""
CONFIDENCE_HEAD = """## Calibration

Expected calibration error of the confidence that is served, 15 bins over pixels, on the held-out facades, before and
after undoing the class weights of training and Platt scaling, which is fitted to these photos among others;
[cross-fitted and on others](studies.md#confidence) it is about the same.
"""


def document(cards: Iterable[Card]) -> str:
    """The page, in Markdown. Raises `KeyError` for a card that lacks a figure."""
    known = [card for card in cards if card.document.get("figures")]
    return "\n".join(
        [
            HEAD,
            PHOTOS,
            _table(["", "IDD-Lite", "facades", "samples", "samples, mIoU"], map(_on_photos, known)),
            _commands(known, [COUNTRY, FACADES, SAMPLES]),
            PHOTOS_SAY,
            CLASSES_HEAD,
            _by_class(known, SAMPLES),
            DRIVE_HEAD,
            _by_class(known, DRIVE),
            _commands(known, [DRIVE]),
            CONFIDENCE_HEAD,
            _table(["", "before", "after"], map(_confidence, known)),
            _commands(known, [FACADES], metric="ECE"),
        ]
    )


def _on_photos(card: Card) -> list[str]:
    accuracy = [_of(card, "pixel accuracy", data) for data in (COUNTRY, FACADES, SAMPLES)]
    return [card.title, *accuracy, _of(card, "mIoU", SAMPLES)]


def _confidence(card: Card) -> list[str]:
    return [card.title, *(_of(card, metric, FACADES) for metric in ("ECE before calibration", "ECE"))]


def _by_class(cards: list[Card], data: tuple[str, str]) -> str:
    rows = [["mean", *(_of(card, "mIoU", data) for card in cards)]]
    rows += [[label.title, *(_of(card, f"IoU {label.name}", data) for card in cards)] for label in CLASSES]
    return _table(["", *(card.title for card in cards)], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _commands(cards: list[Card], data: list[tuple[str, str]], metric: str = "pixel accuracy") -> str:
    """The commands that measured it, of one model, as they stand in its card; each line once."""
    lines = dict.fromkeys(_figure(cards[0], metric, which)["command"] for which in data)
    return "```sh\n" + "\n".join(lines) + "\n```\n"


def _of(card: Card, metric: str, data: tuple[str, str]) -> str:
    return f"{_figure(card, metric, data)['value']:.3f}"


def _figure(card: Card, metric: str, data: tuple[str, str]) -> dict[str, str]:
    for figure in card.document["figures"]:
        if (figure["metric"], figure["data"], figure["split"]) == (metric, *data):
            return dict(figure)
    raise KeyError(f"{card.title}'s card has no {metric} on {data[0]}, {data[1]}")


def main() -> None:
    """Write the page."""
    DOCUMENT.write_text(document(load_cards().values()), encoding="utf-8")
    print(DOCUMENT)


if __name__ == "__main__":
    main()
