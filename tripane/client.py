"""`tripane.Client`: the same answers from a running system, over its API."""

from __future__ import annotations

import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx

from shared.contracts.problems import MEDIA_TYPE, Problem, ProblemError
from tripane.job import Answers, Ask
from tripane.received_maps import from_pngs
from tripane.records import Answer, Record
from tripane.result import Result, Source, make

ATTEMPTS = 5
POLL_S = 0.5
PATIENCE_S = 120.0
_WHILE_BUSY = (429, 502, 503, 504)


class Client:
    """Asks a system at `url`, such as `http://127.0.0.1:8080/`.

    A request that finds no room is repeated after what `Retry-After` says; so is one that got no answer, which is safe,
    as a comparison's id is the SHA-256 of its photo: asking again asks for the same.
    """

    def __init__(self, url: str, timeout_s: float = 60.0, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout_s, follow_redirects=True, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def models(self) -> dict[str, Any]:
        """The document of `GET /v1/models`: models, classes, limits."""
        return self._request("GET", "v1/models").json()

    def compare(self, photo: Source, models: Sequence[str] = ()) -> Result:
        """What the system's models make of a photo; all of them if none is named.

        Raises `ProblemError` with the API's problem, and `httpx.HTTPError` where nothing answers.
        """
        return make(photo, self.asks(models))

    def asks(self, models: Sequence[str] = ()) -> Ask:
        """A function that asks these models for a photo's bytes, as `tripane.job` needs it."""
        return partial(self._ask, list(models))

    def _ask(self, models: list[str], data: bytes, record: Record) -> Answers:
        query = {"params": {"models": models}}
        body = {"content": data, "headers": {"Content-Type": _media_type(data)}}
        answer = self._request("POST", "v1/comparisons", **body, **query)
        document, patience = answer.json(), time.monotonic() + PATIENCE_S
        while document["status"] == "running" and time.monotonic() < patience:
            time.sleep(_told(answer) or POLL_S)
            answer = self._request("GET", f"v1/comparisons/{document['id']}", **query)
            document = answer.json()
        pngs = {}
        size, image = document["result_size"], document["image"]
        record.size = size["width"], size["height"]
        record.upright = record.upright or (image["width"], image["height"])  # the file knows better
        for name, told in document["models"].items():
            if models and name not in models:
                continue
            record.answers[name] = _answer(told)
            if record.answers[name].done:
                links = (told["links"][kind] for kind in ("labels", "confidence"))
                labels, confidence = (self._request("GET", link.lstrip("/")).content for link in links)
                pngs[name] = labels, confidence
        return from_pngs(pngs, record)

    def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request, again after no room or no answer; raises `ProblemError` for an answer that is a problem."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._http.request(method, path, **options)
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(2 ** (attempt - 1) / 2)
                continue
            if response.status_code not in _WHILE_BUSY or attempt == ATTEMPTS:
                break
            time.sleep(_retry_after(response, attempt))
        if response.headers.get("content-type", "").startswith(MEDIA_TYPE):
            raise ProblemError(Problem.from_document(response.json()))
        return response.raise_for_status()


def _answer(told: dict[str, Any]) -> Answer:
    if told["status"] != "ok":
        problem = told.get("problem") or {}
        return Answer(reason=problem.get("detail") or f"the model is still {told['status']}")
    try:
        return Answer.told(told)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(reason="its answer cannot be read")


def _media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"


def _retry_after(response: httpx.Response, attempt: int) -> float:
    """Seconds to wait: those that a server asks for, else a little longer each time."""
    told = _told(response)
    return float(2 ** (attempt - 1)) if told is None else told


def _told(response: httpx.Response) -> float | None:
    """Seconds that a server asks to wait: a number or a date (RFC 9110, 10.2.3)."""
    told = response.headers.get("retry-after", "")
    if told.isdecimal():
        return min(float(told), PATIENCE_S)
    try:
        return min(max(0.0, parsedate_to_datetime(told).timestamp() - time.time()), PATIENCE_S)
    except (TypeError, ValueError, OverflowError):
        return None
