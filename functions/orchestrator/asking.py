"""Asking one model about a photo: its turn, its call, and the marker in the bucket that says how it ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from functions.orchestrator.answers import answered_if_valid, described, problem_of, result_of
from functions.orchestrator.health import LastCalls
from functions.orchestrator.invoker import InvocationError
from functions.orchestrator.records import Marker, Photo
from functions.orchestrator.schemas import ModelAnswer, ProblemDocument
from functions.orchestrator.store import Store
from functions.orchestrator.turns import NoTurnError, Turns
from shared.contracts.card import Card
from shared.contracts.messages import SegmentRequest, SegmentResult
from shared.contracts.problems import problem
from shared.timestamps import iso

log = logging.getLogger(__name__)
GRACE_S = 5.0
"""How much longer than its timeout a model that was asked counts as running."""
QUEUE_S = 120.0
"""How long a call waits for its turn: longer than all calls ahead of it can take."""


class Asks(Protocol):
    """What a comparison needs of a model's function: see `invoker.Invoker`."""

    def invoke(self, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:
        """The function's answer; raises `InvocationError`."""

    def reachable(self) -> bool:
        """Whether it could be invoked."""


class Asking(NamedTuple):
    """A request that has models asked: its id, until when (by `time.monotonic`) somebody waits, and its caller."""

    correlation_id: str
    give_up_at: float
    caller: str


class Mark(NamedTuple):
    """When a model was asked, and the tag of the marker that says so; None where the photo's metadata say so."""

    asked_at: datetime
    tag: str | None


class Asker:
    """Asks models, each in its turn."""

    def __init__(
        self,
        cards: Mapping[str, Card],
        store: Store,
        invokers: Mapping[str, Asks],
        function_timeout_s: float,
        calls_per_model: int | None = None,
    ) -> None:
        """`calls_per_model` is how many calls each function does at once, where that is limited: others wait."""
        self.cards, self.store, self.invokers = cards, store, invokers
        self.last_calls = LastCalls()
        self._turns = {model: Turns(calls_per_model) for model in cards}
        self._gives_up_after_s = function_timeout_s + GRACE_S + (QUEUE_S if calls_per_model else 0.0)

    def unanswered(self, model: str, marker: Marker) -> ModelAnswer:
        """The state of a model that was asked and has not answered: it failed, is running, or is overdue."""
        failure, age_s = marker.problem, (datetime.now(UTC) - marker.asked_at).total_seconds()
        if failure is None and abs(age_s) > self._gives_up_after_s:  # below 0, a clock was put back meanwhile
            ago = f"{age_s:.0f} s ago" if age_s > 0 else "before the clock was put back"
            detail = f"{self.cards[model].title} was asked {ago} and never answered. Try it again."
            failure = described(problem("model-timeout", detail))
        return ModelAnswer(
            status="failed" if failure else "running",
            version=marker.version,
            asked_at=iso(marker.asked_at),
            problem=failure,
        )

    def running(self, model: str, since: datetime) -> ModelAnswer:
        """The state of a model whose call is not over, whatever its marker says so far."""
        return ModelAnswer(status="running", version=self.cards[model].version, asked_at=iso(since))

    def unreadable_here(self, model: str, marker: Marker) -> ModelAnswer:
        """The state of a model whose answer is of a version that this orchestrator cannot read."""
        title, version = self.cards[model].title, marker.version
        detail = f"{title} answered in version {version}, of a deployment before or after this. Ask again in a minute."
        return ModelAnswer(
            status="failed",
            version=version,
            asked_at=iso(marker.asked_at),
            problem=described(problem("version-mismatch", detail)),
        )

    def mark(self, photo: Photo, model: str) -> Mark:
        """Record that a model is asked now, and clear its old answer; a new photo's own metadata record it."""
        version = self.cards[model].version
        if photo.is_new and photo.asked and photo.asked.versions.get(model) == version:
            return Mark(photo.asked.at, None)
        self.store.discard_result(photo, model, version)
        asked_at = datetime.now(UTC)
        return Mark(asked_at, self.store.put_marker(photo, model, Marker(version=version, asked_at=asked_at)))

    def ask(self, photo: Photo, model: str, asking: Asking, mark: Mark) -> ModelAnswer | None:
        """Invoke one model; its answer, as it will be read. Leaves a marker of how that ended, if without a result.

        None when the photo is gone. Runs in a thread that may outlast its request.
        """
        version = self.cards[model].version
        request = SegmentRequest(photo.key, photo.results_prefix(model, version), version, asking.correlation_id)
        began = time.monotonic()
        answer: SegmentResult | ProblemDocument
        try:
            with self._turns[model].take(asking.caller, QUEUE_S):
                answer = self._invoke(model, request, asking.give_up_at)
        except NoTurnError:
            detail = f"{self.cards[model].title} is busy with photos that were sent before. Try again in a minute."
            answer = described(problem("too-many-requests", detail))
        marker = Marker(version=version, asked_at=mark.asked_at, waited_ms=(time.monotonic() - began) * 1000)
        if isinstance(answer, SegmentResult):
            if found := answered_if_valid(photo, model, version, answer, marker):
                self.last_calls.note(model, None)
                return found  # what it left in the bucket says the same, and that the photo was still there
            answer = self._invalid(model)
        self.last_calls.note(model, answer)
        marker.problem = answer.model_copy(update={"request_id": asking.correlation_id})
        try:
            self.store.end_marker(photo, model, marker, mark.tag)
            if not self.store.is_there(photo.key):  # it was deleted while the model ran
                self.store.delete_marker(photo, model)
                return None
        except Exception:
            log.exception("how %s ended could not be stored", model, extra={"correlation_id": asking.correlation_id})
        return self.unanswered(model, marker)

    def _invoke(self, model: str, request: SegmentRequest, give_up_at: float) -> SegmentResult | ProblemDocument:
        """Invoke one model; its result, or why there is none."""
        about = {"correlation_id": request.correlation_id}
        try:
            answer = self.invokers[model].invoke(request.document(), give_up_at)
            if answer.get("status") == "ok":
                return result_of(answer) or self._invalid(model)
            return problem_of(answer) or self._invalid(model)
        except InvocationError as error:
            log.warning("%s failed: %s", model, error, extra=about)
            return described(error.problem)
        except Exception:  # whatever it is, the model must not stay "running", and the others must keep their answers
            log.exception("%s could not be asked", model, extra=about)
            return self._invalid(model)

    def _invalid(self, model: str) -> ProblemDocument:
        return described(problem("model-crashed", f"{self.cards[model].title} gave an invalid answer."))
