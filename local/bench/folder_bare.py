"""Nothing but `segment`, by every model, over a folder's photos, on all CPUs.

python -m local.bench.folder_bare FOLDER
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from shared.contracts.card import load_cards
from shared.inference.model import Model, read_model
from shared.inference.segment import segment
from shared.usable_cpus import usable_cpus

_ready: list[Model] = []


def _prepare() -> None:
    _ready.extend(read_model(card, threads=1) for card in load_cards().values())


def _ask(photo: Path) -> None:
    data = photo.read_bytes()
    for model in _ready:
        segment(data, model)


def main() -> None:
    """A process for each CPU, each with models of its own, one photo at a time."""
    photos = sorted(Path(sys.argv[1]).iterdir())
    with multiprocessing.get_context("spawn").Pool(usable_cpus(), _prepare) as pool:
        for _ in pool.imap_unordered(_ask, photos):
            pass


if __name__ == "__main__":
    main()
