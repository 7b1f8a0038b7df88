"""Asking model functions about a photo, all at once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

from botocore.exceptions import BotoCoreError, ClientError

from functions.orchestrator.invoker import Invoker, crashed
from functions.orchestrator.photos import Photo
from functions.orchestrator.store import Marker, Store
from shared import telemetry
from shared.contracts.card import Card
from shared.contracts.messages import SegmentRequest
from shared.contracts.problems import Problem, ProblemError

log = telemetry.logger("orchestrator")


class FanOut:
    """Asks each model in a thread of its own and leaves a marker of it in the bucket.

    The threads may outlive the request, whose answer waits for no model beyond its deadline, and on Lambda they are
    frozen with the process and go on, or fail, at the next request.
    """

    def __init__(self, store: Store, invokers: Mapping[str, Invoker], cards: Mapping[str, Card]) -> None:
        self.store, self.invokers, self.cards = store, invokers, cards

    def ask(self, photo: Photo, models: Iterable[str], request_id: str, deadline: float) -> list[Future[None]]:
        """Start to ask; each future ends when its model has answered or failed, and raises when S3 does."""
        return [_in_thread(self._ask, photo, model, request_id, deadline) for model in models]

    def _ask(self, photo: Photo, model: str, request_id: str, deadline: float) -> None:
        version = self.cards[model].version
        marker = Marker(datetime.now(UTC).isoformat(timespec="milliseconds"), version, request_id)
        self.store.put_marker(photo.id, model, marker)
        request = SegmentRequest(
            image=photo.id,
            image_key=photo.key,
            results_prefix=photo.results_prefix(model, version),
            version=version,
            correlation_id=request_id,
        )
        began = time.monotonic()
        problem = self._invoke(model, request, deadline)
        ended = time.monotonic()
        if ended > deadline and (problem is None or problem.kind == "model-unreachable"):
            # The answer is where GET looks for it, or the process was frozen meanwhile and the connection has gone
            # stale: then nobody knows, and the marker's age decides.
            return
        marker = replace(
            marker,
            waited_ms=round((ended - began) * 1000, 2),
            problem=problem.document(request_id) if problem else None,
        )
        try:
            self.store.put_marker(photo.id, model, marker)
        except (BotoCoreError, ClientError):
            log.exception("a marker could not be written", extra={"correlation_id": request_id, "model": model})

    def _invoke(self, model: str, request: SegmentRequest, deadline: float) -> Problem | None:
        try:
            self.invokers[model].invoke(request.document(), deadline)
        except ProblemError as error:
            return error.problem
        except Exception:
            # Whatever it is, it must not cost the other models' answers.
            log.exception("unforeseen error", extra={"correlation_id": request.correlation_id, "model": model})
            return crashed("It could not be called.").problem
        return None


def _in_thread(work: object, *arguments: object) -> Future[None]:
    raise NotImplementedError
