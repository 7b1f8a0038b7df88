"""One model's part of the comparison document, and the price that its cost is reckoned with."""

from __future__ import annotations

import json
from typing import Any

from shared.contracts.labels import CLASS_NAMES
from shared.contracts.pricing import USD_PER_GB_SECOND, USD_PER_REQUEST

Json = dict[str, Any]


def price() -> Json:
    """What costs are reckoned with."""
    return {
        "usd_per_gb_second": USD_PER_GB_SECOND,
        "usd_per_request": USD_PER_REQUEST,
        "source": "https://aws.amazon.com/lambda/pricing/",
    }


def answered(image: str, model: str, result: bytes, marker: Json | None) -> Json:
    """The part of a model whose `result.json` is there; `marker` knows how long the orchestrator waited for it."""
    answer = json.loads(result)
    init = answer["init_ms"] if answer["cold_start"] else 0.0
    waited = marker["waited_ms"] if marker else None
    queue = max(0.0, round(waited - answer["timings_ms"]["total"] - init, 2)) if waited is not None else None
    pictures = f"/v1/comparisons/{image}/{model}"
    version = answer["version"]
    return {
        "status": "ok",
        "version": version,
        "asked_at": marker["asked_at"] if marker else None,
        "classes": {name: answer["classes"][name] for name in CLASS_NAMES},
        "confidence": answer["confidence"],
        "links": {
            "labels": f"{pictures}/labels.png?v={version}",
            "confidence": f"{pictures}/confidence.png?v={version}",
            "overlay": f"{pictures}/overlay.png?v={version}",
        },
        "timings_ms": {"queue": queue, **answer["timings_ms"]},
        **{key: answer[key] for key in ("cold_start", "init_ms", "peak_memory_mb", "memory_mb")},
        **{key: answer[key] for key in ("billed_ms", "cost_usd", "computed_at")},
        "problem": None,
    }


def unanswered(status: str, version: str, asked_at: str, problem: Json | None) -> Json:
    """The part of a model that still runs, or has failed: everything else is unknown."""
    nothing = ("classes", "confidence", "links", "timings_ms", "cold_start", "init_ms", "peak_memory_mb", "memory_mb")
    return {
        "status": status,
        "version": version,
        "asked_at": asked_at,
        **dict.fromkeys((*nothing, "billed_ms", "cost_usd", "computed_at")),
        "problem": problem,
    }
