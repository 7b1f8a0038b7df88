"""Health tells what is wrong: with the bucket, with a model that cannot be reached, with one that fails."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from functions.orchestrator import health
from functions.orchestrator.schemas import ProblemDocument
from shared.contracts.problems import problem
from tests.support import openapi, photos
from tests.support.api import MODELS, World, failing

NAME = MODELS[0]


def get(api: World, client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/v1/health")
    openapi.check(api.app, "GET", "/v1/health", 200, "application/json", answer.json())
    document: dict[str, Any] = answer.json()
    return document


def test_all_is_well(api: World, client: httpx.Client) -> None:
    document = get(api, client)
    assert (document["status"], document["bucket_reachable"]) == ("ok", True)
    assert {name: model["last_failure"] for name, model in document["models"].items()} == dict.fromkeys(MODELS)


def test_a_bucket_that_is_gone_is_told_of(api: World, client: httpx.Client) -> None:
    api.app.state.comparisons.store._bucket = "no-such-bucket"
    document = get(api, client)
    assert (document["status"], document["bucket_reachable"]) == ("degraded", False)
    assert all(model["reachable"] for model in document["models"].values())


def test_a_function_that_cannot_be_reached_is_told_of(api: World, client: httpx.Client) -> None:
    api.models[NAME].up = False
    document = get(api, client)
    assert document["status"] == "degraded"
    assert [name for name, model in document["models"].items() if not model["reachable"]] == [NAME]


@pytest.mark.parametrize("kind", ["model-timeout", "model-crashed", "model-out-of-memory"])
def test_a_model_whose_call_failed_is_told_of_until_one_succeeds(api: World, client: httpx.Client, kind: str) -> None:
    api.models[NAME].instead = failing(kind, 502)
    client.post("/v1/comparisons", files={"image": photos.jpeg()})
    document = get(api, client)
    assert document["status"] == "degraded"
    assert {n: m["last_failure"] for n, m in document["models"].items() if m["last_failure"]} == {NAME: kind}
    api.models[NAME].instead = None
    client.post("/v1/comparisons", files={"image": photos.jpeg(seed=1)})
    assert get(api, client)["status"] == "ok"


def test_a_bad_photo_says_nothing_of_a_model(api: World, client: httpx.Client) -> None:
    assert client.post("/v1/comparisons", files={"image": photos.jpeg(512, 512)[:4000]}).status_code == 422
    assert get(api, client)["status"] == "ok"


def test_a_failure_is_forgotten_when_nobody_has_called_for_long() -> None:
    now = 0.0
    calls = health.LastCalls(lambda: now)
    calls.note(NAME, ProblemDocument.model_validate(problem("model-crashed", "x").document()))
    assert calls.failure(NAME) == "model-crashed"
    now = health.REMEMBERED_S + 1
    assert calls.failure(NAME) is None
