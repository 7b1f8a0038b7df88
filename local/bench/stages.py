"""One call of a model function, by stage."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any

from local.bench import photos
from local.bench.engines import TITLES
from local.bench.function import Function, bucket
from local.bench.text import paragraph, spread, table, times
from local.bench.timing import Budget, Spread, ratio, rounds
from shared.contracts.card import load_cards
from shared.contracts.messages import STAGES

TITLE = "One model call by stage"
SHARE = 0.08
ENGINES = ("onnx", "torch")


def measure(budget: Budget) -> dict[str, Any]:
    """Milliseconds of each stage of a warm call for every model, by both engines that can serve."""
    cards = load_cards()
    with bucket() as stand_in, ExitStack() as stack:
        functions = {
            (name, engine): stack.enter_context(Function(card, stand_in, engine))
            for name, card in cards.items()
            for engine in ENGINES
        }
        calls = {key: partial(function.answer, photos.sample()) for key, function in functions.items()}
        answers = rounds(calls, budget)
    return {"models": [_model(name, card.title, answers) for name, card in cards.items()]}


def _model(name: str, title: str, answers: dict[tuple[str, str], list[dict[str, Any]]]) -> dict[str, Any]:
    taken = {
        engine: {stage: [answer["timings_ms"][stage] for answer in answers[name, engine]] for stage in STAGES}
        for engine in ENGINES
    }
    around = [
        all_of - network for all_of, network in zip(taken["onnx"]["total"], taken["onnx"]["network"], strict=True)
    ]
    return {
        "title": title,
        "stages": {engine: {stage: Spread.of(ms) for stage, ms in taken[engine].items()} for engine in ENGINES},
        "around": Spread.of(around),
        "torch_to_onnx": ratio(taken["torch"]["total"], taken["onnx"]["total"]),
        "total_to_network": ratio(taken["onnx"]["total"], taken["onnx"]["network"]),
    }


def section(found: dict[str, Any]) -> str:
    """A column for each model and engine."""
    models = found["models"]
    head = ["ms (quartiles)", *(f"{model['title']}, {TITLES[engine]}" for model in models for engine in ENGINES)]
    rows = [
        [stage, *(spread(model["stages"][engine][stage]) for model in models for engine in ENGINES)] for stage in STAGES
    ]
    summary = [
        [
            model["title"],
            spread(model["around"]),
            times(model["total_to_network"]),
            times(model["torch_to_onnx"]),
        ]
        for model in models
    ]
    return "\n\n".join(
        [
            paragraph("""
                A warm call for a JPEG of 2048 x 1024 px, by the code that serves, each model and engine in a process of
                its own, in turn. `fetch` and `store` are those of the S3 stand-in on this machine.
            """),
            table(head, rows),
            table(
                ["served by ONNX Runtime", "all but the network, ms", "whole call / network", "PyTorch's call / this"],
                summary,
            ),
        ]
    )
