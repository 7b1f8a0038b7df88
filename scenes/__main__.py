"""Render one street scene: NAME.jpg, NAME.labels.png (exact), NAME.annotated.png and NAME.json (its parameters).

    python -m scenes --seed 7 --size 2048x1024 --out DIR
    python -m scenes --seed 7 --set kind=avenue --set mood=rain --set camera_height=1.5

Needs bpy: `pip install -r scenes/requirements.txt` into an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from scenes.options import add_quality, quality
from scenes.output import Files, render_scene
from scenes.parameters import draw


def main() -> None:
    """Render the scene that the command line asks for."""
    parser = argparse.ArgumentParser(
        "python -m scenes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True, help="the same seed makes the same scene")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the files (default: here)")
    parser.add_argument("--name", help="file name without ending (default: scene_SEED)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="fix a parameter instead of drawing it"
    )
    parser.add_argument("--labels-only", action="store_true", help="do without the photo, which takes most of the time")
    add_quality(parser, size="2048x1024", samples=48)
    options = parser.parse_args()
    try:
        parameters = draw(options.seed, **dict(_assignment(text) for text in options.set))
    except ValueError as error:
        parser.error(str(error))
    started = time.monotonic()
    base = options.out / (options.name or f"scene_{options.seed}")
    files = Files(Path(f"{base}.jpg"), Path(f"{base}.labels.png"), Path(f"{base}.annotated.png"), Path(f"{base}.json"))
    render_scene(parameters, quality(options), files, options.labels_only)
    what = f"{parameters.kind}, {parameters.mood}, {parameters.season}, seen by a {parameters.view}"
    print(f"{base}: {what}, {time.monotonic() - started:.0f} s")


def _assignment(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise ValueError(f"--set takes NAME=VALUE, not {text!r}")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


if __name__ == "__main__":
    main()
