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
from typing import Any, Protocol

from functions.orchestrator.agreement import agreement
from functions.orchestrator.answers import Json, answered, price, unanswered
from functions.orchestrator.invoker import InvocationError
from functions.orchestrator.pictures import read_labels
from functions.orchestrator.store import Photo, Store
from functions.orchestrator.truth import scores
from shared import storage
from shared.contracts.card import Card
from shared.contracts.limits import result_size
from shared.contracts.messages import SegmentRequest
from shared.contracts.problems import Problem, ProblemError

log = logging.getLogger(__name__)
POLL_S = 0.25
GRACE_S = 5.0
"""How much longer than its timeout a model that was asked counts as running."""


class Asks(Protocol):
    """What a comparison needs of a model's function: see `invoker.Invoker`."""

    def invoke(self, payload: Json, give_up_at: float) -> Json:
        """The function's answer; raises `InvocationError`."""

    def reachable(self) -> bool:
        """Whether it could be invoked."""


class Comparisons:
    """Makes comparisons and reads them back."""

    def __init__(
        self,
        cards: Mapping[str, Card],
        store: Store,
        invokers: Mapping[str, Asks],
        deadline_s: float,
        function_timeout_s: float,
    ) -> None:
        self.cards, self.store, self.invokers = cards, store, invokers
        self.deadline_s, self.function_timeout_s = deadline_s, function_timeout_s
        self._calls = ThreadPoolExecutor(max_workers=128, thread_name_prefix="call")
        self._reads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="read")
        self._compared = lru_cache(maxsize=64)(self._compare_maps)

    def compare(self, photo: Photo, models: Iterable[str], correlation_id: str) -> Json:
        """Ask `models` for `photo` unless they have answered, and wait for them until the deadline.

        Returns the comparison document. Raises `ProblemError` when every model asked has failed.
        """
        give_up_at = time.monotonic() + self.deadline_s
        models = list(models)
        states = self._states(photo, models)
        asked = [model for model, state in states.items() if state is None or state["status"] == "failed"]
        for model in asked:
            self._mark(photo, model)
        calls = [self._calls.submit(self._ask, photo, model, correlation_id, give_up_at) for model in asked]
        wait(calls, timeout=max(0.0, give_up_at - time.monotonic()))
        states = self._states(photo, models)
        # Another request may have asked for the same photo a moment ago: its models' answers are ours too.
        while any(state and state["status"] == "running" for state in states.values()):
            if time.monotonic() + POLL_S > give_up_at:
                break
            time.sleep(POLL_S)
            states = self._states(photo, models)
        _raise_if_all_failed(states)
        return self.read(photo)

    def read(self, photo: Photo) -> Json:
        """The comparison document as it stands now."""
        states = {model: state for model, state in self._states(photo, self.cards).items() if state}
        done = all(state["status"] != "running" for state in states.values())
        size = result_size(photo.info.width, photo.info.height)
        versions = tuple((m, state["version"]) for m, state in states.items() if state["status"] == "ok")
        compared = self._compared(photo.id, versions, photo.sample, size)
        return {
            "id": photo.id,
            "status": "done" if done else "running",
            "image": {
                "sha256": photo.id,
                "media_type": photo.info.media_type,
                "width": photo.info.width,
                "height": photo.info.height,
                "bytes": photo.info.length,
                "href": f"/v1/comparisons/{photo.id}/image",
            },
            "result_size": {"width": size[0], "height": size[1]},
            "sample": photo.sample,
            "created_at": _iso(photo.created_at),
            "expires_at": _iso(photo.expires_at) if photo.expires_at else None,
            "models": states,
            "price": price(),
            **compared,
        }

    def reachable(self) -> dict[str, bool]:
        """Whether each model's function could be invoked."""
        return dict(zip(self.invokers, self._reads.map(lambda i: i.reachable(), self.invokers.values()), strict=True))

    def _states(self, photo: Photo, models: Iterable[str]) -> dict[str, Json | None]:
        """What each model has to say of a photo, read in parallel."""
        models = list(models)
        return dict(zip(models, self._reads.map(lambda model: self._state(photo, model), models), strict=True))

    def _state(self, photo: Photo, model: str) -> Json | None:
        """One model's part of the document; None when it was never asked."""
        version = self.cards[model].version
        marker = self.store.marker(photo.id, model)
        if marker and marker["version"] != version:
            marker = None
        result = self.store.read(photo.results_prefix(model, version) + storage.RESULT)
        if result:
            return answered(photo.id, model, result, marker)
        if marker is None:
            return None
        problem = marker["problem"]
        age = (datetime.now(UTC) - datetime.fromisoformat(marker["asked_at"])).total_seconds()
        if problem is None and age > self.function_timeout_s + GRACE_S:
            detail = f"{self.cards[model].title} was asked {age:.0f} s ago and never answered. Try it again."
            problem = Problem("model-timeout", "Model took too long", 504, detail).document()
        return unanswered("failed" if problem else "running", version, marker["asked_at"], problem)

    def _mark(self, photo: Photo, model: str, **outcome: Any) -> None:
        version = self.cards[model].version
        marker = {"version": version, "asked_at": _iso(datetime.now(UTC)), "waited_ms": None, "problem": None}
        self.store.put_marker(photo.id, model, marker | outcome)

    def _ask(self, photo: Photo, model: str, correlation_id: str, give_up_at: float) -> None:
        """Invoke one model and leave a marker of how that ended. Runs in a thread that may outlast its request."""
        version = self.cards[model].version
        request = SegmentRequest(
            photo.id, photo.key, photo.results_prefix(model, version), version, correlation_id
        ).document()
        asked_at, began = _iso(datetime.now(UTC)), time.monotonic()
        problem: Json | None = None
        try:
            answer = self.invokers[model].invoke(request, give_up_at)
            if answer.get("status") != "ok":
                problem = answer.get("problem") or _no_sense(self.cards[model].title)
        except InvocationError as error:
            problem = error.problem.document()
            log.warning("%s failed: %s", model, error, extra={"correlation_id": correlation_id})
        except Exception:  # whatever it is, it must neither stay "running" nor cost the other models' answers
            problem = _no_sense(self.cards[model].title)
            log.exception("%s could not be asked", model, extra={"correlation_id": correlation_id})
        waited_ms = (time.monotonic() - began) * 1000
        if problem:
            problem["request_id"] = correlation_id
        try:
            self._mark(photo, model, asked_at=asked_at, waited_ms=waited_ms, problem=problem)
        except Exception:
            log.exception("how %s ended could not be stored", model, extra={"correlation_id": correlation_id})

    def _compare_maps(
        self,
        image: str,
        versions: tuple[tuple[str, str], ...],
        sample: str | None,
        size: tuple[int, int],
    ) -> Json:
        """`agreement` and `truth` of the label maps of `versions`."""
        maps = {}
        for model, version in versions:
            prefix = storage.results_prefix(image, model, version, is_sample=sample is not None)
            if png := self.store.read(prefix + storage.LABELS):
                maps[model] = read_labels(png)
        truth = None
        if sample and (png := self.store.read(storage.sample_labels_key(sample))):
            labels = read_labels(png, size)
            truth = {
                "href": f"/v1/comparisons/{image}/truth.png",
                "labelling": "annotator-style: small holes in crowns, railings and wheels are closed",
                "models": {model: scores(answer, labels) for model, answer in maps.items()},
            }
        return {"agreement": agreement(maps) if len(maps) > 1 else None, "truth": truth}


def _no_sense(title: str) -> Json:
    return Problem("model-crashed", "Model crashed", 502, f"{title} gave an answer that makes no sense.").document()


def _raise_if_all_failed(states: Mapping[str, Json | None]) -> None:
    """When no model answers, the request fails: for the photo's fault, for want of capacity, or for ours."""
    problems = {model: state["problem"] for model, state in states.items() if state and state["status"] == "failed"}
    if not problems or len(problems) < len(states):
        return
    if len({problem["type"] for problem in problems.values()}) == 1:
        shared = Problem.from_document(next(iter(problems.values())))
        if shared.kind.startswith("image-"):
            raise ProblemError(shared)
        if shared.status == 429:
            detail = "Every model is answering as many requests as it may. Try again in a few seconds."
            raise ProblemError(Problem(shared.kind, shared.title, 429, detail), {"Retry-After": "5"})
    raise ProblemError(
        Problem("all-models-failed", "No model answered", 502, "Every model failed; `models` says why each did."),
        members={"models": problems},
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
