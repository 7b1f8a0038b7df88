"""The samples' results, computed in advance by the code that answers a visitor."""

from __future__ import annotations

import logging

from fastapi import FastAPI

from functions.orchestrator.comparison import Comparisons
from shared.contracts.problems import ProblemError

log = logging.getLogger(__name__)


class SamplesMissedError(Exception):
    """Not every model has answered for every sample; says for which."""


def compute_samples(app: FastAPI) -> list[str]:
    """Ask every model for every sample, one sample at a time so that visitors find room between; returns their ids.

    Raises `SamplesMissedError` once all have been asked for. Whoever calls again pays for those that were missed alone.
    """
    comparisons: Comparisons = app.state.comparisons
    done: list[str] = []
    missed: list[str] = []
    for sample in comparisons.store.samples:
        photo, correlation_id = comparisons.store.sample_photo(sample), f"sample-{sample.id}"
        try:
            document = comparisons.compare(photo, comparisons.cards, correlation_id)
        except ProblemError as error:
            log.warning("sample %s: %s", sample.id, error, extra={"correlation_id": correlation_id})
            missed.append(sample.id)
            continue
        is_done = all(model.status == "ok" for model in document.models.values())
        (done if is_done else missed).append(sample.id)
    if missed:
        raise SamplesMissedError(f"Not every model has answered for {', '.join(missed)}.")
    return done
