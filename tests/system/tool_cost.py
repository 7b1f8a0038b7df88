"""What the tool costs beside the networks: the CPU time of `segment` alone, as a share of a whole photo's in a report.

python -m tests.system.tool_cost
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.chance import table
from shared.inference.segment import segment
from shared.paths import SAMPLES_DIR
from tripane import job, models
from tripane.job import Asked
from tripane.photos import Photo
from tripane.truth import mapping

ROUNDS = 2


def main() -> None:
    """Take turns over the ten samples, on one thread, and print the shares."""
    ready, chance, own = models.load(models.local().values(), threads=1), table.load(), mapping.load("tripane")
    samples = [path.with_name(path.name.replace(".labels.png", ".jpg")) for path in SAMPLES_DIR.glob("*.labels.png")]

    def bare(photo: Path) -> None:
        data = photo.read_bytes()
        for model in ready:
            segment(data, model)

    def reported(photo: Path, truth: Path | None = None) -> None:
        with TemporaryDirectory() as folder:
            asked = Asked(Photo(photo, photo.name), truth, out=Path(folder))
            job.run(asked, partial(job.ask, ready), chance, own)

    def scored(photo: Path) -> None:
        reported(photo, photo.with_suffix(".labels.png"))

    ways: dict[str, Callable[[Path], None]] = {"bare": bare, "reported": reported, "scored": scored}
    spent = dict.fromkeys(ways, 0.0)
    for way in ways.values():
        way(samples[0])
    for photo in samples * ROUNDS:
        for name, way in ways.items():
            start = time.process_time()
            way(photo)
            spent[name] += time.process_time() - start
    print(f"without truth {spent['bare'] / spent['reported']:.1%}, with truth {spent['bare'] / spent['scored']:.1%}")


if __name__ == "__main__":
    main()
