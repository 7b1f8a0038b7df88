"""Segment one photo on this machine, with the code that serves.

    python -m functions.segmenter photo.jpg --model swiftnet --out masks/

Writes photo.swiftnet.labels.png and photo.swiftnet.confidence.png, and prints what the photo shows and how long each
stage took.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shared.contracts.card import load_card, load_cards
from shared.contracts.labels import CLASSES
from shared.contracts.problems import ProblemError
from shared.inference.engine import NetworkError
from shared.inference.model import read_model
from shared.inference.segment import segment
from shared.model_files import ModelFileError
from shared.paths import ASSETS_DIR, MODELS_DIR


def main() -> int:
    """Parse the command line, segment, report; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m functions.segmenter",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("photo", type=Path)
    parser.add_argument("--model", choices=list(load_cards()), default="swiftnet")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the maps (default: here)")
    arguments = parser.parse_args()
    card = load_card(MODELS_DIR / arguments.model)
    try:
        model = read_model(card, ASSETS_DIR)
        maps = segment(arguments.photo.read_bytes(), model)
    except (OSError, ProblemError, ModelFileError, NetworkError) as error:
        print(error, file=sys.stderr)
        return 1
    arguments.out.mkdir(parents=True, exist_ok=True)
    stem = f"{arguments.photo.stem}.{card.name}"
    (arguments.out / f"{stem}.labels.png").write_bytes(maps.labels_png)
    (arguments.out / f"{stem}.confidence.png").write_bytes(maps.confidence_png)
    for label, share in sorted(zip(CLASSES, maps.shares, strict=True), key=lambda pair: -pair[1]):
        if share >= 0.0005:
            print(f"{label.title:16}{share:7.1%}")
    print(", ".join(f"{stage} {ms:.0f} ms" for stage, ms in maps.timings_ms.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
