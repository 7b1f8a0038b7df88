"""The committed API Gateway events, through Mangum as on Lambda."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from events import generate
from functions.segmenter.segmenter import Segmenter
from shared.inference.model import read_model
from tests.support import openapi
from tests.support.api import BUCKET, CARDS, CREDENTIALS, MODELS, World, world

CONTEXT = SimpleNamespace(aws_request_id="lambda-id")


def event(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((generate.HERE / f"{name}.json").read_text(encoding="utf-8"))
    return document


def invoke(document: dict[str, Any]) -> Any:
    """The handler's answer, in a thread of its own: in the main one Playwright's event loop may be running."""
    from functions.orchestrator import handler

    def run() -> Any:
        with asyncio.Runner() as runner:
            asyncio.set_event_loop(runner.get_loop())
            return handler.handler(document, CONTEXT)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def without_version(document: dict[str, Any]) -> dict[str, Any]:
    """It changes with every training; the rest of an event does not."""
    return {name: value for name, value in document.items() if name not in {"version", "results_prefix"}}


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Lambda's entry over an in-memory world."""
    monkeypatch.setenv("TRIPANE_DATA_BUCKET", BUCKET)
    monkeypatch.setenv("TRIPANE_FUNCTIONS", json.dumps(dict.fromkeys(MODELS, "http://127.0.0.1:9")))
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with world() as made:
        from functions.orchestrator import handler

        monkeypatch.setattr(handler.HTTP, "app", made.app)

        def call(name: str) -> tuple[dict[str, Any], Any]:
            response = invoke(event(name))
            body = response["body"]
            return response, json.loads(base64.b64decode(body) if response["isBase64Encoded"] else body)

        call.world = made  # type: ignore[attr-defined]
        yield call


@pytest.mark.parametrize("name", [*MODELS, *generate.requests()])
def test_a_committed_event_is_the_one_that_the_generator_makes(name: str) -> None:
    made = generate.events()[name]
    if name in MODELS:
        assert without_version(event(name)) == without_version(made)
    else:
        assert event(name) == made


@pytest.mark.parametrize(
    ("name", "status", "path"),
    [
        ("orchestrator-post-photo", 200, "/v1/comparisons"),
        ("orchestrator-post-sample", 200, "/v1/comparisons"),
        ("orchestrator-get", 200, f"/v1/comparisons/{generate.SAMPLE['sha256']}"),
        ("orchestrator-health", 200, "/v1/health"),
        ("orchestrator-bad-image", 415, "/v1/comparisons"),
        ("orchestrator-unknown-model", 404, "/v1/comparisons"),
    ],
)
def test_an_event_gets_the_answer_that_the_api_describes(answer: Any, name: str, status: int, path: str) -> None:
    response, body = answer(name)
    assert response["statusCode"] == status
    assert response["isBase64Encoded"] is False
    assert response["headers"]["x-request-id"] == event(name)["requestContext"]["requestId"]
    method = event(name)["requestContext"]["http"]["method"]
    made: World = answer.world
    openapi.check(made.app, method, path, status, response["headers"]["content-type"], body)


def test_a_picture_comes_through_the_gateway_byte_for_byte(answer: Any) -> None:
    answer("orchestrator-post-photo")
    image = hashlib.sha256(generate.THUMBNAIL).hexdigest()
    request = httpx.Request("GET", f"{generate.URL}/comparisons/{image}/image")
    response = invoke(generate.http_event(request))
    assert base64.b64decode(response["body"]) == generate.THUMBNAIL


@pytest.mark.parametrize("model", MODELS)
def test_a_models_event_is_answered_by_the_real_model(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    card = CARDS[model]
    with world() as made:
        segmenter = Segmenter(read_model(card), made.s3, BUCKET, 3072, init_ms=1.0)
        result = segmenter.answer(generate.model_event(card))
    assert result["status"] == "ok"
    assert (result["width"], result["height"]) == (generate.SAMPLE["width"], generate.SAMPLE["height"])
