"""Render the gallery's samples, and once all are there, put them into assets/samples.

    python -m scenes.samples --out build/samples

Samples that are there already are left as they are: run it again to go on after a stop. What people read about a
sample (title, description, alt text) is written by hand in assets/samples/samples.json, looking at the picture.
"""

from __future__ import annotations

import argparse
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes import gallery
from scenes.options import add_quality, quality
from scenes.output import Files, render_scene
from scenes.parameters import Parameters, draw
from shared.paths import SAMPLES_DIR


@dataclass(frozen=True)
class Recipe:
    """A seed, and what is fixed about its scene."""

    seed: int
    fixed: dict[str, Any] = field(default_factory=dict)

    def parameters(self) -> Parameters:
        """The scene's."""
        return draw(self.seed, **self.fixed)


RECIPES = {
    "sunny_oldtown": Recipe(1, {"kind": "oldtown", "mood": "sunny", "view": "driver", "crowd": 1.0}),
    "dusk_modern": Recipe(33, {"kind": "modern", "mood": "dusk", "view": "driver", "cyclists": 2}),
    "rain_mixed": Recipe(12, {"kind": "mixed", "mood": "rain", "view": "driver", "traffic": 1.0, "cyclists": 2}),
    "autumn_avenue": Recipe(22, {"kind": "avenue", "mood": "sunny", "season": "autumn", "view": "driver"}),
    "spring_suburb": Recipe(
        25, {"kind": "suburb", "mood": "sunny", "season": "spring", "view": "pavement", "crowd": 1.0, "cyclists": 3}
    ),
    "overcast_avenue": Recipe(26, {"kind": "avenue", "mood": "overcast", "view": "pavement", "crowd": 1.0}),
    "sunny_brick": Recipe(2, {"kind": "brick", "mood": "sunny", "view": "driver", "cyclists": 2}),
    "sunny_modern": Recipe(
        21, {"kind": "modern", "mood": "sunny", "season": "summer", "view": "driver", "trees": True, "cyclists": 3}
    ),
    "overcast_suburb": Recipe(31, {"kind": "suburb", "mood": "overcast", "view": "pavement"}),
    "dusk_oldtown": Recipe(11, {"kind": "oldtown", "mood": "dusk", "view": "driver"}),
}


def main() -> None:
    """Render what is missing; install when nothing is."""
    parser = argparse.ArgumentParser(
        "python -m scenes.samples", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="where renders are kept until all are there")
    parser.add_argument("--only", nargs="+", choices=list(RECIPES), help="render just these, and install nothing")
    add_quality(parser, size="2048x1024", samples=24)
    options = parser.parse_args()
    for sample in options.only or RECIPES:
        if files(options.out, sample).done:
            print(f"{sample} is there", flush=True)
            continue
        started = time.monotonic()
        render_scene(RECIPES[sample].parameters(), quality(options), files(options.out, sample))
        print(f"{sample}: {time.monotonic() - started:.0f} s", flush=True)
    if not options.only:
        install(options.out)
        print("Installed. Look at them, and write what people read about them in samples.json.")


def files(out: Path, sample: str) -> Files:
    """Where a sample's files are before they are installed."""
    return Files(
        photo=out / f"{sample}.jpg",
        labels=out / f"{sample}.exact.png",
        drawn=out / f"{sample}.labels.png",
        parameters=out / f"{sample}.json",
    )


def install(out: Path, into: Path = SAMPLES_DIR) -> None:
    """Copy photos and annotator-style label maps, and renew the index and the thumbnails."""
    for sample in RECIPES:
        rendered = files(out, sample)
        for path in (rendered.photo, rendered.drawn):
            shutil.copyfile(path, into / path.name)
    gallery.refresh(into)


if __name__ == "__main__":
    main()
