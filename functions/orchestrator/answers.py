"""One model's answer for a photo, as the API gives it: from its result, or from the reason why there is none."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.orchestrator.records import Marker, Photo
from functions.orchestrator.schemas import Links, ModelAnswer, ProblemDocument
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import result_size
from shared.contracts.messages import STAGES, SegmentResult
from shared.contracts.problems import Problem, ProblemError, problem
from shared.timestamps import iso

log = logging.getLogger(__name__)

MOST_DETAIL_BYTES = 2000
"""What a model may say of a problem: several times what any says."""

Answers = dict[str, ModelAnswer | None]
"""Each model's answer for a photo; None when it was never asked."""


def result_of(answer: dict[str, Any]) -> SegmentResult | None:
    """The result of a function that answered "ok"; None when it is not a valid one."""
    try:
        return SegmentResult.from_document(answer)
    except (TypeError, ValueError):
        return None


def problem_of(answer: dict[str, Any]) -> ProblemDocument | None:
    """What a function that says it failed answered; None when it is no problem that we know, told in few words."""
    try:
        said = Problem.from_document(answer["problem"])
        if len(said.detail.encode()) <= MOST_DETAIL_BYTES:  # which characters without an encoding do not pass
            return described(problem(said.kind, said.detail))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        pass
    return None


def status_of(answer: ModelAnswer | None) -> str | None:
    """Its status, "ok", "running" or "failed"; None for a model that was never asked."""
    return answer.status if answer else None


def answered_if_valid(
    photo: Photo, model: str, version: str, result: SegmentResult, marker: Marker | None
) -> ModelAnswer | None:
    """A result as an answer; None when its members are invalid: a compromised model may write anything."""
    wanted = (model, version, *result_size(photo.info.width, photo.info.height))
    try:
        if (result.model, result.version, result.width, result.height) == wanted:
            return _answered(photo, result, marker)
    except (KeyError, TypeError, ValueError):
        pass
    log.warning("a result of %s is invalid", model)
    return None


def _answered(photo: Photo, result: SegmentResult, marker: Marker | None) -> ModelAnswer:
    """The answer of a model whose result is there; `marker` knows when it was asked."""
    queue_ms, computed_at = None, datetime.fromisoformat(result.computed_at)
    if marker:
        took_ms = (computed_at - marker.asked_at).total_seconds() * 1000
        init_ms = result.init_ms if result.cold_start else 0.0
        queue_ms = max(0.0, round(took_ms - result.timings_ms["total"] - init_ms, 2))
    pictures = f"/v1/comparisons/{photo.id}/{result.model}"
    return ModelAnswer(
        status="ok",
        version=result.version,
        asked_at=iso(marker.asked_at) if marker else None,
        classes={name: result.classes[name] for name in CLASS_NAMES},
        confidence=result.confidence,
        street_log_odds=result.street_log_odds,
        links=Links(
            labels=f"{pictures}/labels.png?v={result.version}",
            confidence=f"{pictures}/confidence.png?v={result.version}",
            overlay=f"{pictures}/overlay.png?v={result.version}",
        ),
        timings_ms={"queue": queue_ms} | {name: ms for name, ms in result.timings_ms.items() if name in STAGES},
        cold_start=result.cold_start,
        init_ms=result.init_ms,
        peak_memory_mb=result.peak_memory_mb,
        memory_mb=result.memory_mb,
        billed_ms=result.billed_ms,
        cost_usd=result.cost_usd,
        computed_at=result.computed_at,
    )


def street_of(models: Mapping[str, ModelAnswer]) -> float | None:
    """How much the photo looks like a street to all that have answered, from 0 to 1; None where that is not fitted."""
    from shared.inference.street import looks_like_street

    known = [answer.street_log_odds for answer in models.values() if answer.street_log_odds is not None]
    return round(looks_like_street(known), 4) if known else None


def described(failure: Problem) -> ProblemDocument:
    """A problem as the API answers it."""
    return ProblemDocument.model_validate(failure.document())


def raise_if_all_failed(answers: Answers) -> None:
    """Fail the request when no model answers: because of the photo, a lack of capacity, or an error of ours."""
    failures = {
        model: answer.problem.model_dump() for model, answer in answers.items() if answer and answer.problem is not None
    }
    if not failures or len(failures) < len(answers):
        return
    if len({failure["type"] for failure in failures.values()}) == 1:
        shared = Problem.from_document(next(iter(failures.values())))
        if shared.kind.startswith("image-") or shared.kind == "too-much-work":
            raise ProblemError(shared)
        if shared.kind == "too-many-requests":
            detail = "Every model is answering as many requests as it may. Try again in a few seconds."
            raise ProblemError(problem("too-many-requests", detail), {"Retry-After": "5"})
    detail = "Every model failed; `models` says why each did."
    raise ProblemError(problem("all-models-failed", detail), members={"models": failures})
