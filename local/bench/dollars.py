"""What a comparison's models cost on Lambda, by memory."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any

from local.bench import photos
from local.bench.engines import TITLES
from local.bench.function import Bucket, Function, bucket
from local.bench.quota import limited
from local.bench.text import paragraph, spread, table
from local.bench.timing import Budget, Spread, rounds
from shared.contracts.card import Card, load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, cpus

TITLE = "Dollars"
SHARE = 0.08
MEMORIES_MB = (1769, 3072, 5120)
ENGINES = ("onnx", "torch")
WARM = 3
"""Warm calls after each cold one."""


def measure(budget: Budget) -> dict[str, Any]:
    """Billed milliseconds of a cold and a warm call, and dollars of a comparison; raises `QuotaError`."""
    cards = load_cards()
    with bucket() as stand_in, ExitStack() as stack:
        memories = (MODEL_MEMORY_MB,) if budget.quick else MEMORIES_MB
        prefixes = {memory: stack.enter_context(limited(cpus(memory))) for memory in memories}
        calls = {
            (name, memory, engine): partial(_calls, card, stand_in, memory, engine, prefixes[memory])
            for name, card in cards.items()
            for memory in memories
            for engine in ENGINES
        }
        answers = rounds(calls, budget, warm_up=False)
    return {
        "rows": [
            _row({name: answers[name, memory, engine] for name in cards}, memory, engine)
            for memory in memories
            for engine in ENGINES
        ]
    }


def _calls(card: Card, stand_in: Bucket, memory: int, engine: str, prefix: list[str]) -> list[dict[str, Any]]:
    """A cold call's answer, then those of warm ones."""
    environment = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory)}
    with Function(card, stand_in, engine, prefix, environment) as function:
        return [function.answer(photos.sample()) for _ in range(1 + WARM)]


def _row(models: dict[str, list[list[dict[str, Any]]]], memory: int, engine: str) -> dict[str, Any]:
    """Medians of each model, added up: a comparison asks all of them."""
    row: dict[str, Any] = {"memory_mb": memory, "cpus": cpus(memory), "engine": engine}
    for kind, chosen in (("cold", slice(0, 1)), ("warm", slice(1, None))):
        answers = {name: [answer for series in model for answer in series[chosen]] for name, model in models.items()}
        usd = [Spread.of(answer["cost_usd"] for answer in of_model).median for of_model in answers.values()]
        row[kind] = {
            "billed_ms": {name: Spread.of(a["billed_ms"] for a in of_model) for name, of_model in answers.items()},
            "usd_a_thousand": 1000 * sum(usd),
        }
    return row


def section(found: dict[str, Any]) -> str:
    """A table of dollars, then one of milliseconds: in each a row for each memory and engine."""
    cards = load_cards()
    titles = [cards[name].title for name in found["rows"][0]["cold"]["billed_ms"]]
    named = [(f"{row['memory_mb']} MB, {TITLES[row['engine']]}", row) for row in found["rows"]]
    dollars = [
        [name, f"{row['cpus']:.2f}", *(f"{row[kind]['usd_a_thousand']:.4f}" for kind in ("cold", "warm"))]
        for name, row in named
    ]
    billed = [
        [f"{name}, {kind}", *(spread(ms) for ms in row[kind]["billed_ms"].values())]
        for name, row in named
        for kind in ("cold", "warm")
    ]
    return "\n\n".join(
        [
            paragraph("""
                What Lambda would bill for the three models of a comparison of a JPEG of 2048 x 1024 px, at the prices
                of `shared/contracts/pricing.py`, under a CPU quota of what it allots to the memory;
                where that is more than this machine has, it was all of them, and Lambda would be a little quicker. The
                orchestrator, requests, S3 and traffic come on top: `python -m infra.tools.costs`.
            """),
            table(["memory, engine", "CPUs", "cold, $ a thousand", "warm, $ a thousand"], dollars),
            table(["billed ms (quartiles)", *titles], billed),
        ]
    )
