"""One id goes from the caller through API and models, and stands in every log line."""

from __future__ import annotations

import json
import logging
import sys
from types import SimpleNamespace

import httpx
import pytest

from events import generate
from functions.orchestrator.invoker import InvocationError
from shared.contracts.problems import Problem
from tests.support.api import BUCKET, CREDENTIALS, MODELS, world
from tests.support.photos import jpeg

ID = "the-id-of-a-page"


@pytest.fixture
def lines(monkeypatch, capsys):
    """POST a photo as a page does, through Lambda's entry, the first model failing; gives the log and the calls."""
    monkeypatch.setenv("TRIPANE_DATA_BUCKET", BUCKET)
    monkeypatch.setenv("TRIPANE_FUNCTIONS", json.dumps(dict.fromkeys(MODELS, "http://127.0.0.1:9")))
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)

    def fail():
        raise InvocationError(Problem("model-crashed", "Model crashed", 502, "It ended."))

    with world() as made:
        from functions.orchestrator import handler

        monkeypatch.setattr(handler.HTTP, "app", made.app)
        for stream in handler.log.handlers:
            monkeypatch.setattr(stream, "stream", sys.stdout)
        monkeypatch.setattr(logging.getLogger("functions"), "level", logging.INFO)
        made.models[MODELS[0]].instead = fail
        request = httpx.Request(
            "POST", f"{generate.URL}/comparisons", files={"image": jpeg()}, headers={"X-Request-Id": ID}
        )
        event = generate.http_event(request)
        handler.handler(event, SimpleNamespace(aws_request_id="of-lambda"))
        calls = [call for painter in made.models.values() for call in painter.calls]
        yield [json.loads(line) for line in capsys.readouterr().out.splitlines()], calls, event


def test_every_line_of_the_orchestrator_has_the_callers_id_and_those_of_gateway_and_function(lines):
    logged, _, event = lines
    assert {line["correlation_id"] for line in logged} == {ID}
    assert {line["function_request_id"] for line in logged} == {"of-lambda"}
    assert {line["api_request_id"] for line in logged} == {event["requestContext"]["requestId"]}


def test_a_request_and_a_models_failure_are_each_a_line(lines):
    logged, _, _ = lines
    assert [(line["level"], line["message"]) for line in logged] == [
        ("WARNING", f"{MODELS[0]} failed: It ended."),
        ("INFO", "answered"),
    ]
    assert logged[-1]["status"] == 200
    assert logged[-1]["path"] == "/v1/comparisons"


def test_every_model_is_told_the_id(lines):
    _, calls, _ = lines
    assert [call["correlation_id"] for call in calls] == [ID] * len(MODELS)
