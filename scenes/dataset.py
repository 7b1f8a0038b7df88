"""Render a training set of street scenes, laid out as `training.data.datasets` reads it.

    python -m scenes.dataset --count 200 --out runs/scenes

Scenes that are there already are left as they are: run it again to go on after a stop, or with a larger --count for
more.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from scenes.options import add_quality, quality
from scenes.output import Files, Quality, render_scene
from scenes.parameters import draw
from shared.contracts.labels import CLASS_NAMES, IGNORE

FIRST_SEED = 10_000
"""Seeds from here on are for training; the samples' are below."""


def main() -> None:
    """Render the set that the command line asks for."""
    parser = argparse.ArgumentParser(
        "python -m scenes.dataset", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, required=True, help="how many scenes the set is to have")
    parser.add_argument("--out", type=Path, required=True, help="the set's folder")
    add_quality(parser, size="640x360", samples=6)
    options = parser.parse_args()
    render_set(options.count, options.out, quality(options))


def render_set(count: int, out: Path, quality: Quality) -> None:
    """Render what is missing of a set, and say how far it is."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "dataset.json").write_text(json.dumps(description(count), indent=2) + "\n", encoding="utf-8")
    missing = [seed for seed in range(FIRST_SEED, FIRST_SEED + count) if not files(out, seed).done]
    print(f"{count - len(missing)} of {count} scenes are there", flush=True)
    started = time.monotonic()
    for i, seed in enumerate(missing, start=1):
        parameters = draw(seed)
        render_scene(parameters, quality, files(out, seed))
        each = (time.monotonic() - started) / i
        left = f"{each:.0f} s each, {each * (len(missing) - i) / 60:.0f} min left"
        done = count - len(missing) + i
        print(f"{done} of {count}: {parameters.kind}, {parameters.mood}, {parameters.season}; {left}", flush=True)


def files(out: Path, seed: int) -> Files:
    """Where a scene of the set is."""
    name = f"scene_{seed}"
    return Files(
        photo=out / "images" / f"{name}.jpg",
        labels=out / "exact" / f"{name}.png",
        drawn=out / "labels" / f"{name}.png",
        parameters=out / "parameters" / f"{name}.json",
    )


def description(count: int) -> dict[str, Any]:
    """The set's `dataset.json`: our own classes, each for itself."""
    classes = [{"id": i, "name": name, "to_11": i, "may_be": [i]} for i, name in enumerate(CLASS_NAMES)]
    return {
        "name": "scenes",
        "source": "rendered by scenes; labels as annotators draw them, and exact ones in exact/",
        "licence": "CC0-1.0",
        "images": count,
        "classes": [*classes, {"id": IGNORE, "name": "nothing", "to_11": IGNORE, "may_be": []}],
    }


if __name__ == "__main__":
    main()
