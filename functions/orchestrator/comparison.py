"""Comparisons: asks all models about a photo at once, and collects their answers.

All state of a comparison is in the bucket, so that any instance of the orchestrator can answer for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from functions.orchestrator.answers import (
    Answers,
    answered_if_valid,
    raise_if_all_failed,
    status_of,
    street_of,
)
from functions.orchestrator.asking import Asker, Asking
from functions.orchestrator.places import Place
from functions.orchestrator.records import Maps, Marker, Photo, ResultError
from functions.orchestrator.results import remember
from functions.orchestrator.schemas import (
    Comparison,
    ImageDocument,
    ModelAnswer,
    Price,
    Size,
)
from functions.orchestrator.settings import CALLS
from shared.contracts.limits import result_size
from shared.contracts.problems import ProblemError, problem
from shared.timestamps import iso

if TYPE_CHECKING:
    from functions.orchestrator.judging import Judgement, Versions

log = logging.getLogger(__name__)
POLL_S = 0.25
JUDGEMENTS = 64
"""How many are remembered."""
Reading = Mapping[tuple[str, str], Future[Maps]]
"""Maps that are being read already, by model and version."""


class Called(NamedTuple):
    """How a call has ended: its answer, and its maps, which are read while other models still compute."""

    answer: ModelAnswer | None
    maps: Future[Maps] | None = None


class Comparisons:
    """Makes comparisons and reads them back."""

    def __init__(self, asker: Asker, deadline_s: float) -> None:
        self.asker, self.cards, self.store, self.deadline_s = asker, asker.cards, asker.store, deadline_s
        self._calls = ThreadPoolExecutor(max_workers=CALLS, thread_name_prefix="call")
        self._reads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="read")
        self._calling, self._running = (
            threading.Lock(),
            dict[tuple[str, datetime | None, str], Future[Called]](),
        )
        self._of_samples: dict[tuple[str, str], ModelAnswer] = {}
        self._judgements: dict[tuple[Photo, Versions], Judgement] = {}

    def compare(
        self, photo: Photo, models: Iterable[str], correlation_id: str, place: Place | None = None
    ) -> Comparison:
        """Ask `models` for `photo` unless their present version has answered, and wait for them until the deadline.

        `place` is taken until the last call has ended, which may be after the deadline. Raises `ProblemError` when
        every model asked has failed.
        """
        began, give_up_at = datetime.now(UTC), time.monotonic() + self.deadline_s
        models = list(models)
        answers: Answers = dict.fromkeys(models) if photo.is_new else self._answers(photo, models)
        asked = [model for model in models if self._is_to_be_asked(model, answers[model])]
        answers |= dict.fromkeys(asked)  # their old answers no longer count
        asking = Asking(correlation_id, give_up_at, place.caller if place else "")
        calls = {model: self._call(photo, model, asking) for model in asked}
        for call in calls.values():
            if place:
                place.keep_until(call)
        self._reads.submit(import_module, "functions.orchestrator.judging")  # in time, and not in a cold start's
        ended, _ = wait(calls.values(), timeout=max(0.0, give_up_at - time.monotonic()))
        called = {model: call.result() for model, call in calls.items() if call in ended}
        answers |= {model: one.answer for model, one in called.items()}
        late = [model for model, call in calls.items() if call not in ended]
        if untold := [model for model in asked if answers[model] is None and model not in late]:
            self._raise_if_gone(photo)  # else a photo that was deleted would read as one whose models still run
            answers |= self._answers(photo, untold)
        answers |= {model: self.asker.running(model, began) for model in late}
        # Another request may have asked for the same photo a moment ago: its models' answers are ours too.
        while any(status_of(answer) == "running" for answer in answers.values()):
            if time.monotonic() + POLL_S > give_up_at:
                break
            time.sleep(POLL_S)
            answers = self._renewed(photo, answers)
        if any(status_of(answer) in {None, "running"} for answer in answers.values()):
            self._raise_if_gone(photo)
        raise_if_all_failed(answers)
        reading = {(model, one.answer.version): one.maps for model, one in called.items() if one.answer and one.maps}
        return self._document(photo, answers, reading)

    def _call(self, photo: Photo, model: str, asking: Asking) -> Future[Called]:
        """The call of a model for a photo: the one that is running already, on anyone's behalf, or a new one."""
        key = (photo.id, photo.since, model)
        with self._calling:
            if call := self._running.get(key):
                return call
            call = self._running[key] = self._calls.submit(self._ask, photo, model, asking)
        call.add_done_callback(lambda _: self._running.pop(key, None))
        return call

    def _ask(self, photo: Photo, model: str, asking: Asking) -> Called:
        answer = self.asker.ask(photo, model, asking, self.asker.mark(photo, model))
        if answer is None or answer.status != "ok":
            return Called(answer)
        return Called(answer, self._reads.submit(self.store.maps, photo, model, answer.version))

    def read(self, photo: Photo, models: Iterable[str]) -> Comparison:
        """The comparison of these models as it stands now."""
        return self._document(photo, self._answers(photo, models))

    def reachable(self) -> dict[str, bool]:
        """Whether each model's function could be invoked."""
        invokers = self.asker.invokers
        return dict(zip(invokers, self._reads.map(lambda i: i.reachable(), invokers.values()), strict=True))

    def _raise_if_gone(self, photo: Photo) -> None:
        if not self.store.is_there(photo.key):
            raise ProblemError(problem("image-missing", "The image was deleted while it was compared."))

    def _answers(self, photo: Photo, models: Iterable[str]) -> Answers:
        """The answers of `models` for a photo, of any version, read in parallel."""
        models = list(models)
        return dict(zip(models, self._reads.map(lambda model: self._answer(photo, model), models), strict=True))

    def _renewed(self, photo: Photo, answers: Answers) -> Answers:
        """The answers as they are now; only those that were still running are read again."""
        return answers | self._answers(photo, [m for m, answer in answers.items() if status_of(answer) == "running"])

    def _answer(self, photo: Photo, model: str) -> ModelAnswer | None:
        """A model's answer for a photo; a sample's does not change, so it is read once."""
        if known := self._of_samples.get((photo.id, model)):
            return known
        answer = self._read_answer(photo, model)
        if answer and not self._is_to_be_asked(model, answer) and answer.status == "ok" and photo.sample:
            self._of_samples[photo.id, model] = answer
        return answer

    def _is_to_be_asked(self, model: str, answer: ModelAnswer | None) -> bool:
        """Whether the present version of a model has not yet answered for a photo."""
        return answer is None or answer.status == "failed" or answer.version != self.cards[model].version

    def _read_answer(self, photo: Photo, model: str) -> ModelAnswer | None:
        """The present version's answer; else that of the version that was asked last, as another orchestrator has it.

        While a deployment shifts, two of them answer, each with its own versions of the models.
        """
        version, marker = self.cards[model].version, self.store.marker(photo, model)
        has_answered = marker is not None and marker.waited_ms is not None
        for asked in dict.fromkeys([version, marker.version] if marker else [version]):
            its_marker = marker if marker and marker.version == asked else None
            try:
                if answer := self._result(photo, model, asked, its_marker):
                    return answer
            except ResultError as error:
                log.warning("%s", error)
                has_answered |= its_marker is not None
        if marker is None:
            return None
        if marker.problem is None and has_answered:  # and what it answered cannot be read or is gone
            return None if marker.version == version else self.asker.unreadable_here(model, marker)
        return self.asker.unanswered(model, marker)

    def _result(self, photo: Photo, model: str, version: str, marker: Marker | None) -> ModelAnswer | None:
        """The answer of one version, None when it left none; raises `ResultError` when that is invalid."""
        result = self.store.result(photo, model, version, may_have_more=version != self.cards[model].version)
        answer = answered_if_valid(photo, model, version, result, marker) if result else None
        if result and not answer:
            raise ResultError(f"a result of {model} is invalid")
        return answer

    def _document(self, photo: Photo, answers: Answers, reading: Reading | None = None) -> Comparison:
        models = {model: answer for model, answer in answers.items() if answer}
        versions = tuple((model, answer.version) for model, answer in models.items() if answer.status == "ok")
        judgement = self._judged(replace(photo, created_at=photo.since), versions, reading or {})
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

    def _judged(self, photo: Photo, versions: Versions, reading: Reading) -> Judgement:
        """What follows from the answers of `versions` together: judged once, however often the photo is sent again."""
        if known := self._judgements.get((photo, versions)):
            return known
        from functions.orchestrator.judging import judge

        reads = [reading.get(one) or self._reads.submit(self.store.maps, photo, *one) for one in versions]
        maps = {model: read.result() for (model, _), read in zip(versions, reads, strict=True)}
        judgement = judge(self.store, photo, maps)
        remember(self._judgements, (photo, versions), judgement, JUDGEMENTS)
        return judgement
