"""Photos from 0.2 to 50 megapixels."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any

from local.bench import photos
from local.bench.function import Function, FunctionError, bucket
from local.bench.quota import limited
from local.bench.text import milliseconds, paragraph, spread, table
from local.bench.timing import Budget, Spread, rounds
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, cpus
from shared.contracts.messages import STAGES

TITLE = "Photos of 0.2 to 50 megapixels"
SHARE = 0.08
MODEL = "swiftnet"
PHOTOS = [("JPEG", size) for size in (0.2, 1, 2, 12, 24, 50)] + [
    (kind, s) for kind in ("PNG", "WEBP") for s in (2, 12, 50)
]


def measure(budget: Budget) -> dict[str, Any]:
    """Milliseconds by stage, and the most memory that a fresh process held; raises `QuotaError`."""
    card = load_cards()[MODEL]
    chosen = PHOTOS[:2] if budget.quick else PHOTOS
    files = {(kind, size): photos.enlarged(size, kind) for kind, size in chosen}
    with bucket() as stand_in, limited(cpus(MODEL_MEMORY_MB)) as prefix, ExitStack() as stack:
        calls, refused = {}, {}
        for key, photo in files.items():
            function = stack.enter_context(Function(card, stand_in, prefix=prefix))
            try:
                function.answer(photo)
                calls[key] = partial(function.answer, photo)
            except FunctionError as error:
                refused[key] = str(error)
        answers = rounds(calls, budget)
    return {
        "model": card.title,
        "photos": [
            {
                "kind": key[0],
                "megapixels": key[1],
                "bytes": len(photo),
                "refused": refused.get(key),
                "stages": {s: Spread.of(a["timings_ms"][s] for a in answers[key]) for s in STAGES}
                if key in calls
                else {},
                "peak_mb": max(a["peak_memory_mb"] for a in answers[key]) if key in calls else None,
            }
            for key, photo in files.items()
        ],
    }


def section(found: dict[str, Any]) -> str:
    """A table of each photo's time and memory, then one of its stages."""
    wholes, stages = [], []
    for photo in found["photos"]:
        name, size = f"{photo['kind'].replace('WEBP', 'WebP')}, {photo['megapixels']:g} MP", photo["bytes"] / 1e6
        if photo["refused"]:
            wholes.append([name, f"{size:.1f}", "refused", ""])
            continue
        wholes.append([name, f"{size:.1f}", spread(photo["stages"]["total"]), f"{photo['peak_mb']:.0f}"])
        stages.append([name, *(milliseconds(photo["stages"][stage][0]) for stage in STAGES[:-1])])
    return "\n\n".join(
        [
            paragraph(f"""
                Warm calls of {found["model"]} in milliseconds, each photo in a process of its own, under a CPU quota of
                {cpus(MODEL_MEMORY_MB)} CPUs. The photos are a rendered sample, enlarged; those above 2 MP are
                smoother than a camera's.
            """),
            table(["photo", "MB", "total (quartiles)", "most memory, MB"], wholes),
            table(["photo", *STAGES[:-1]], stages),
        ]
    )
