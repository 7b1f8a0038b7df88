"""Cold starts by stage, per engine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from local.bench import photos
from local.bench.engines import TITLES
from local.bench.function import Bucket, Function, bucket
from local.bench.quota import limited
from local.bench.text import milliseconds, paragraph, spread, table, times
from local.bench.timing import Budget, Spread, ratio, rounds
from shared.contracts.card import Card, load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, cpus
from shared.paths import ROOT

TITLE = "Cold start"
SHARE = 0.16
ENGINES = ("onnx", "torch")
MODEL = "swiftnet"
"""The one whose network takes longest to load."""


def measure(budget: Budget) -> dict[str, Any]:
    """Milliseconds by stage of whole functions, and of an engine alone, in fresh processes; raises `QuotaError`."""
    cards = load_cards()
    alone = [(engine, p) for engine in ("onnx", "openvino") for p in cards[MODEL].networks_sha256] + [
        ("torch", "float32")
    ]
    with bucket() as stand_in, limited(cpus(MODEL_MEMORY_MB)) as prefix:
        candidates: dict[tuple[str, ...], Any] = {
            ("function", name, engine): partial(_function, card, stand_in, engine, prefix)
            for name, card in cards.items()
            for engine in ENGINES
        }
        candidates |= {("alone", *pair): partial(_alone, *pair, prefix) for pair in alone}
        starts = rounds(candidates, budget)
    return {
        "model": cards[MODEL].title,
        "cpus": cpus(MODEL_MEMORY_MB),
        "functions": [
            {"title": card.title, "engine": engine, **_summary(starts["function", name, engine])}
            | {"to_onnx": _to(starts["function", name, engine], starts["function", name, "onnx"])}
            for name, card in cards.items()
            for engine in ENGINES
        ],
        "alone": [
            {"engine": engine, "precision": precision, **_summary(starts["alone", engine, precision])}
            | {"to_onnx": _to(starts["alone", engine, precision], starts["alone", "onnx", cards[MODEL].precision])}
            for engine, precision in alone
        ],
    }


def _function(card: Card, stand_in: Bucket, engine: str, prefix: Sequence[str]) -> dict[str, Any]:
    with Function(card, stand_in, engine, prefix) as function:
        answer = function.answer(photos.sample())
        stages = function.start_ms | {"first call": answer["timings_ms"]["total"]}
        return {"ms": stages, "init_ms": answer["init_ms"], "peak_mb": answer["peak_memory_mb"]}


def _alone(engine: str, precision: str, prefix: Sequence[str]) -> dict[str, Any]:
    command = [*prefix, sys.executable, "-m", "local.bench.cold_engine", engine, MODEL, precision]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def _all(start: dict[str, Any]) -> float:
    return sum(start["ms"].values())


def _to(starts: list[dict[str, Any]], others: list[dict[str, Any]]) -> Spread:
    return ratio(map(_all, starts), map(_all, others))


def _summary(starts: list[dict[str, Any]]) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "stages": {stage: Spread.of(start["ms"][stage] for start in starts) for stage in starts[0]["ms"]},
        "all": Spread.of(map(_all, starts)),
        "peak_mb": Spread.of(start["peak_mb"] for start in starts),
    }
    if "init_ms" in starts[0]:
        summary["init_ms"] = Spread.of(start["init_ms"] for start in starts)
    return summary


def section(found: dict[str, Any]) -> str:
    """Functions, then engines alone."""
    functions, alone = found["functions"], found["alone"]
    return "\n\n".join(
        [
            paragraph(f"""
                Fresh processes under a CPU quota of {found["cpus"]} CPUs, which is what Lambda allots to
                {MODEL_MEMORY_MB} MB; nothing of what a host takes to fetch an image is in it. `init` ends where the
                first call could begin; the first call is for a JPEG of 2048 x 1024 px.
            """),
            _table(functions, [f"{row['title']}, {TITLES[row['engine']]}" for row in functions], "ONNX Runtime"),
            f"An engine alone, up to its first pass of {found['model']} at 1024 x 512:",
            _table(alone, [f"{TITLES[row['engine']]}, {row['precision']}" for row in alone], "what serves"),
        ]
    )


def _table(columns: list[dict[str, Any]], titles: list[str], reference: str) -> str:
    stages = list(dict.fromkeys(stage for column in columns for stage in column["stages"]))
    rows = [[stage, *(milliseconds(column["stages"][stage][0]) for column in columns)] for stage in stages]
    rows.append(["**all** (quartiles)", *(spread(column["all"]) for column in columns)])
    if "init_ms" in columns[0]:
        rows.append(["init", *(milliseconds(column["init_ms"][0]) for column in columns)])
    rows.append([f"times that of {reference}", *(times(column["to_onnx"]) for column in columns)])
    rows.append(["most memory, MB", *(f"{column['peak_mb'][0]:.0f}" for column in columns)])
    return table(["ms", *titles], rows)
