"""A comparison: asks the models for a photo, all at once, and gathers what they answered.

What is known of a comparison lies in the bucket alone, so that any instance of the orchestrator answers for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from functions.orchestrator.answers import (
    Answers,
    answered_if_it_makes_sense,
    described,
    raise_if_all_failed,
    result_of,
    status_of,
    street_of,
)
from functions.orchestrator.health import LastCalls
from functions.orchestrator.invoker import InvocationError
from functions.orchestrator.places import Place
from functions.orchestrator.schemas import (
    Comparison,
    ImageDocument,
    ModelAnswer,
    Price,
    ProblemDocument,
    Size,
)
from functions.orchestrator.settings import CALLS
from functions.orchestrator.store import Marker, Photo, Store
from functions.orchestrator.turns import NoTurnError, Turns
from shared.contracts.card import Card
from shared.contracts.limits import result_size
from shared.contracts.messages import SegmentRequest, SegmentResult
from shared.contracts.problems import ProblemError, problem
from shared.timestamps import iso

if TYPE_CHECKING:
    from functions.orchestrator.judging import Judgement

log = logging.getLogger(__name__)
POLL_S = 0.25
GRACE_S = 5.0
"""How much longer than its timeout a model that was asked counts as running."""
QUEUE_S = 120.0
"""How long a call waits for its turn: longer than all that there are places for take."""


class Asks(Protocol):
    """What a comparison needs of a model's function: see `invoker.Invoker`."""

    def invoke(self, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:
        """The function's answer; raises `InvocationError`."""

    def reachable(self) -> bool:
        """Whether it could be invoked."""


class Asking(NamedTuple):
    """On whose behalf models are asked, and until when (by `time.monotonic`) somebody waits for them."""

    correlation_id: str
    give_up_at: float
    caller: str


class Comparisons:
    """Makes comparisons and reads them back."""

    def __init__(
        self,
        cards: Mapping[str, Card],
        store: Store,
        invokers: Mapping[str, Asks],
        deadline_s: float,
        function_timeout_s: float,
        calls_per_model: int | None = None,
    ) -> None:
        """`calls_per_model` is how many calls each function does at once, where that is limited: others wait."""
        self.cards, self.store, self.invokers = cards, store, invokers
        self.deadline_s, self.function_timeout_s = deadline_s, function_timeout_s
        self.last_calls = LastCalls()
        self._turns = {model: Turns(calls_per_model) for model in cards}
        self._gives_up_after_s = function_timeout_s + GRACE_S + (QUEUE_S if calls_per_model else 0.0)
        self._calls = ThreadPoolExecutor(max_workers=CALLS, thread_name_prefix="call")
        self._reads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="read")
        self._of_samples: dict[tuple[str, str], ModelAnswer] = {}
        self._judged = lru_cache(maxsize=64)(self._judge)

    def compare(
        self, photo: Photo, models: Iterable[str], correlation_id: str, place: Place | None = None
    ) -> Comparison:
        """Ask `models` for `photo` unless they have answered, and wait for them until the deadline.

        `place` is taken until the last call has ended, which may be after the deadline. Raises `ProblemError` when
        every model asked has failed.
        """
        give_up_at = time.monotonic() + self.deadline_s
        models = list(models)
        answers: Answers = dict.fromkeys(models) if photo.is_new else self._answers(photo, models)
        asked = [model for model in models if status_of(answers[model]) in {None, "failed"}]
        marks = dict(zip(asked, self._reads.map(lambda model: self._mark(photo, model), asked), strict=True))
        asking = Asking(correlation_id, give_up_at, place.caller if place else "")
        calls = {model: self._calls.submit(self._ask, photo, model, asking, mark) for model, mark in marks.items()}
        for call in calls.values():
            if place:
                place.keep_until(call)
        self._reads.submit(import_module, "functions.orchestrator.judging")  # in time, and not in a cold start's
        ended, _ = wait(calls.values(), timeout=max(0.0, give_up_at - time.monotonic()))
        answers |= {model: call.result() for model, call in calls.items() if call in ended}
        answers |= self._answers(photo, [model for model in asked if answers[model] is None])
        # Another request may have asked for the same photo a moment ago: its models' answers are ours too.
        while any(status_of(answer) == "running" for answer in answers.values()):
            if time.monotonic() + POLL_S > give_up_at:
                break
            time.sleep(POLL_S)
            answers = self._renewed(photo, answers)
        if any(answers[model] is None for model in asked) and not self.store.is_there(photo.key):
            raise ProblemError(problem("image-missing", "The image was deleted while it was compared."))
        raise_if_all_failed(answers)
        return self._document(photo, answers)

    def read(self, photo: Photo, models: Iterable[str]) -> Comparison:
        """The comparison of these models as it stands now."""
        return self._document(photo, self._answers(photo, models))

    def reachable(self) -> dict[str, bool]:
        """Whether each model's function could be invoked."""
        return dict(zip(self.invokers, self._reads.map(lambda i: i.reachable(), self.invokers.values()), strict=True))

    def _answers(self, photo: Photo, models: Iterable[str]) -> Answers:
        """What `models` have to say of a photo, read in parallel."""
        models = list(models)
        return dict(zip(models, self._reads.map(lambda model: self._answer(photo, model), models), strict=True))

    def _renewed(self, photo: Photo, answers: Answers) -> Answers:
        """The answers as they are by now; only what still ran is read again."""
        return answers | self._answers(photo, [m for m, answer in answers.items() if status_of(answer) == "running"])

    def _answer(self, photo: Photo, model: str) -> ModelAnswer | None:
        """What a model has to say of a photo; a sample's answer is kept in the bucket, so it is read once."""
        if known := self._of_samples.get((photo.id, model)):
            return known
        answer = self._read_answer(photo, model)
        if answer and answer.status == "ok" and photo.sample:
            self._of_samples[photo.id, model] = answer
        return answer

    def _read_answer(self, photo: Photo, model: str) -> ModelAnswer | None:
        version = self.cards[model].version
        marker = self.store.marker(photo, model)
        if marker and marker.version != version:
            marker = None
        result = self.store.result(photo, model, version)
        if result and (answer := answered_if_it_makes_sense(photo, model, version, result, marker)):
            return answer
        if marker is None or (marker.problem is None and marker.waited_ms is not None):
            return None  # never asked, or what it answered is no longer there or cannot be read
        return self._unanswered(model, marker)

    def _unanswered(self, model: str, marker: Marker) -> ModelAnswer:
        """What there is to say of a model that was asked and gave no answer: it failed, or runs, or is late."""
        failure, age_s = marker.problem, (datetime.now(UTC) - marker.asked_at).total_seconds()
        if failure is None and age_s > self._gives_up_after_s:
            detail = f"{self.cards[model].title} was asked {age_s:.0f} s ago and never answered. Try it again."
            failure = described(problem("model-timeout", detail))
        return ModelAnswer(
            status="failed" if failure else "running",
            version=marker.version,
            asked_at=iso(marker.asked_at),
            problem=failure,
        )

    def _mark(self, photo: Photo, model: str) -> str:
        """Say that a model is asked now, and make room for its answer; the marker's tag."""
        version = self.cards[model].version
        if photo.sample:
            self.store.discard_result(photo, model, version)
        return self.store.put_marker(photo, model, Marker(version=version, asked_at=datetime.now(UTC)))

    def _ask(self, photo: Photo, model: str, asking: Asking, mark: str) -> ModelAnswer | None:
        """Invoke one model and leave a marker of how that ended; its answer, as `_answer` will read it.

        None when it makes no sense, or the photo is gone. Runs in a thread that may outlast its request.
        """
        version = self.cards[model].version
        request = SegmentRequest(photo.key, photo.results_prefix(model, version), version, asking.correlation_id)
        asked_at, began = datetime.now(UTC), time.monotonic()
        answer: SegmentResult | ProblemDocument | None
        try:
            with self._turns[model].take(asking.caller, QUEUE_S):
                answer = self._invoke(model, request, asking.give_up_at)
        except NoTurnError:
            detail = f"{self.cards[model].title} is busy with photos that were sent before. Try again in a minute."
            answer = described(problem("too-many-requests", detail))
        waited_ms = (time.monotonic() - began) * 1000
        failure = answer if isinstance(answer, ProblemDocument) else None
        self.last_calls.note(model, failure)
        if failure:
            failure = failure.model_copy(update={"request_id": asking.correlation_id})
        marker = Marker(version=version, asked_at=asked_at, waited_ms=waited_ms, problem=failure)
        try:
            self.store.end_marker(photo, model, marker, mark)
            if not self.store.is_there(photo.key):  # it was deleted while the model ran
                self.store.delete_marker(photo, model)
                return None
        except Exception:
            log.exception("how %s ended could not be stored", model, extra={"correlation_id": asking.correlation_id})
        if failure:
            return self._unanswered(model, marker)
        if isinstance(answer, SegmentResult):
            return answered_if_it_makes_sense(photo, model, version, answer, marker)
        return None

    def _invoke(self, model: str, request: SegmentRequest, give_up_at: float) -> SegmentResult | ProblemDocument | None:
        """Invoke one model; its result, or why there is none. None: it says "ok", and what it says makes no sense."""
        about = {"correlation_id": request.correlation_id}
        no_sense = problem("model-crashed", f"{self.cards[model].title} gave an answer that makes no sense.")
        try:
            answer = self.invokers[model].invoke(request.document(), give_up_at)
            if answer.get("status") == "ok":
                return result_of(answer)
            return ProblemDocument.model_validate(answer.get("problem") or no_sense.document())
        except InvocationError as error:
            log.warning("%s failed: %s", model, error, extra=about)
            return described(error.problem)
        except Exception:  # whatever it is, it must neither stay "running" nor cost the other models' answers
            log.exception("%s could not be asked", model, extra=about)
            return described(no_sense)

    def _document(self, photo: Photo, answers: Answers) -> Comparison:
        models = {model: answer for model, answer in answers.items() if answer}
        versions = tuple((model, answer.version) for model, answer in models.items() if answer.status == "ok")
        judgement = self._judged(photo, versions)
        is_done = all(answer.status != "running" for answer in models.values())
        width, height = result_size(photo.info.width, photo.info.height)
        return Comparison(
            id=photo.id,
            status="done" if is_done else "running",
            image=ImageDocument(
                sha256=photo.id,
                media_type=photo.info.media_type,
                width=photo.info.width,
                height=photo.info.height,
                bytes=photo.info.length,
                href=f"/v1/comparisons/{photo.id}/image",
            ),
            result_size=Size(width=width, height=height),
            sample=photo.sample,
            created_at=iso(photo.created_at) if photo.created_at else None,
            expires_at=iso(photo.expires_at) if photo.expires_at else None,
            models=models,
            price=Price(),
            looks_like_street=street_of(models),
            agreement=judgement.agreement,
            chance_right=judgement.chance_right,
            truth=judgement.truth,
        )

    def _judge(self, photo: Photo, versions: tuple[tuple[str, str], ...]) -> Judgement:
        from functions.orchestrator.judging import judge

        return judge(self.store, photo, versions)
