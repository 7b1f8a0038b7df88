"""A folder of photos: the command against a bare loop of `segment` over the same files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.bench.text import paragraph, table, times
from local.bench.timing import Budget, Spread, ratio, rounds
from shared.paths import ROOT, SAMPLES_DIR
from shared.usable_cpus import usable_cpus

TITLE = "A folder of photos"
SHARE = 0.14
PHOTOS = 40
WAYS = {
    "bare": "`segment` in a bare loop, a process for each CPU",
    "compared": "`tripane compare`",
    "scored": "`tripane compare --truth`",
}


def measure(budget: Budget) -> dict[str, Any]:
    """Seconds that each way takes for the same folder, from the start of its program to its end."""
    number = 2 if budget.quick else PHOTOS
    with TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder, number)
        tool = ["tripane", "compare", str(folder / "photos")]
        commands = {
            "bare": ["local.bench.folder_bare", str(folder / "photos")],
            "compared": tool,
            "scored": [*tool, "--truth", str(folder / "truth")],
        }
        taken = rounds({way: partial(_seconds, command) for way, command in commands.items()}, budget, warm_up=False)
    return {
        "photos": number,
        "cpus": usable_cpus(),
        "ways": {
            way: {"seconds": Spread.of(seconds), "share": ratio(taken["bare"], seconds)}
            for way, seconds in taken.items()
        },
    }


def _fill(folder: Path, number: int) -> None:
    """Rendered samples again and again, and their label maps by the same names."""
    for kind in ("photos", "truth"):
        (folder / kind).mkdir()
    samples = sorted(path.name.removesuffix(".labels.png") for path in SAMPLES_DIR.glob("*.labels.png"))
    for at, sample in enumerate(islice(cycle(samples), number)):
        (folder / "photos" / f"{at}.jpg").write_bytes((SAMPLES_DIR / f"{sample}.jpg").read_bytes())
        (folder / "truth" / f"{at}.png").write_bytes((SAMPLES_DIR / f"{sample}.labels.png").read_bytes())


def _seconds(command: list[str]) -> float:
    with TemporaryDirectory() as folder:  # the report goes where one works, and two have no room there
        began = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, check=True, capture_output=True)
        return time.perf_counter() - began


def section(found: dict[str, Any]) -> str:
    """A row for each way."""
    rows = [
        [title, "{:.1f} ({:.1f}-{:.1f})".format(*found["ways"][way]["seconds"][:3]), times(found["ways"][way]["share"])]
        for way, title in WAYS.items()
    ]
    return "\n\n".join(
        [
            paragraph(f"""
                {found["photos"]} JPEGs of 2048 x 1024 px by all three models on {found["cpus"]} CPUs, from the start of
                a program to its end: what it takes to start, to judge, to score and to write label maps, table and page
                is in it.
            """),
            table(["", "s (quartiles)", "of the bare loop's speed"], rows),
        ]
    )
