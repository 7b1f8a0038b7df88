"""What AWS hands to functions, in the forms that it publishes; events here are written anew after them.

HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
Alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
Schedules: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
and https://github.com/aws-powertools/powertools-lambda-python/tree/develop/tests/events, whose models check ours.
"""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import CloudWatchAlarmEvent
from aws_lambda_powertools.utilities.parser.models import APIGatewayProxyEventV2Model, EventBridgeModel
from mangum import Mangum

from events import generate
from functions.brake import handler as brake
from functions.probe import handler as probe
from tests.support.api import MODELS, World, first_sample

HTTP = [name for name in generate.events() if name.startswith("orchestrator-")]
SAMPLE = first_sample()["id"]


def http_event(method: str, path: str, **members: Any) -> dict[str, Any]:
    """An event with every member that API Gateway may send, whatever the route."""
    route = f"{method} {path}"
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "cookies": ["a=b", "c=d"],
        "headers": {"accept": "*/*", "content-length": "0", "host": "id.execute-api.us-east-1.amazonaws.com"},
        "queryStringParameters": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "authentication": None,
            "authorizer": {"jwt": {"claims": {"a": "b"}, "scopes": ["c"]}},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": route,
            "stage": "$default",
            "time": "10/Mar/2026:05:16:23 +0000",
            "timeEpoch": 1583817383220,
        },
        "pathParameters": {"proxy": "health"},
        "stageVariables": {"a": "b"},
        "isBase64Encoded": False,
    } | members
    APIGatewayProxyEventV2Model.model_validate(event)
    return event


def answer(api: World, event: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, Any]]:
    given = Mangum(api.app, lifespan="off")(event, SimpleNamespace())
    assert {"statusCode", "headers", "body", "isBase64Encoded"} <= given.keys()
    return given["statusCode"], given["headers"], json.loads(given["body"])


@pytest.mark.parametrize("name", HTTP)
def test_the_committed_events_are_of_the_published_form(name: str) -> None:
    event = json.loads((generate.HERE / f"{name}.json").read_text(encoding="utf-8"))
    APIGatewayProxyEventV2Model.model_validate(event)


def test_an_event_with_every_member_is_answered(api: World) -> None:
    status, headers, body = answer(api, http_event("GET", "/v1/health") | {"routeKey": "GET /v1/{proxy+}"})
    assert (status, body["status"]) == (200, "ok")
    assert headers["x-request-id"] == "JKJaXmPLvHcESHA="


def test_an_event_with_no_member_that_may_be_missing_is_answered(api: World) -> None:
    event = http_event("GET", "/v1/models")
    for member in ("cookies", "queryStringParameters", "pathParameters", "stageVariables"):
        del event[member]
    del event["requestContext"]["authorizer"], event["requestContext"]["authentication"]
    event["headers"] = {}
    assert answer(api, event)[0] == 200


def test_headers_and_parameters_that_came_twice_come_joined_by_commas(api: World) -> None:
    image = first_sample()["sha256"]
    event = http_event("GET", f"/v1/comparisons/{image}")
    event |= {
        "rawQueryString": f"models={MODELS[0]}&models={MODELS[1]}",
        "queryStringParameters": {"models": f"{MODELS[0]},{MODELS[1]}"},
    }
    event["headers"] |= {"accept": "text/html,application/json", "x-forwarded-for": "192.0.2.1,198.51.100.2"}
    status, _, body = answer(api, event)
    assert (status, body["id"]) == (200, image)


@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_may_come_as_text_or_in_base64(api: World, encoded: bool) -> None:
    body = f"sample={SAMPLE}&models={MODELS[0]}"
    if encoded:
        body = base64.b64encode(body.encode()).decode()
    event = http_event("POST", "/v1/comparisons", body=body, isBase64Encoded=encoded)
    event["headers"] |= {"content-type": "application/x-www-form-urlencoded"}
    status, _, document = answer(api, event)
    assert (status, document["sample"], list(document["models"])) == (200, SAMPLE, [MODELS[0]])


def alarm_event(state: str) -> dict[str, Any]:
    """What CloudWatch sends to a function that is an alarm's action: here of the brake's, which adds metrics up."""
    metric = {"namespace": "AWS/Lambda", "name": "Duration", "dimensions": {"FunctionName": "enet"}}
    return {
        "source": "aws.cloudwatch",
        "alarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:limit-functions",
        "accountId": "123456789012",
        "time": "2026-11-24T10:00:00.000+0000",
        "region": "us-east-1",
        "alarmData": {
            "alarmName": "limit-functions",
            "state": {
                "value": state,
                "reason": "Threshold Crossed: 1 datapoint [0.1] was greater than or equal to the threshold (0.04).",
                "reasonData": json.dumps({"version": "1.0", "recentDatapoints": [0.1], "threshold": 0.04}),
                "timestamp": "2026-11-24T10:00:00.000+0000",
            },
            "previousState": {"value": "OK", "reason": "", "timestamp": "2026-11-24T09:55:00.000+0000"},
            "configuration": {
                "description": "Tripane, limit-functions",
                "metrics": [
                    {"id": "expr_1", "expression": "FILL(d0, 0) * 0.00005", "returnData": True},
                    {"id": "d0", "metricStat": {"metric": metric, "period": 300, "stat": "Sum"}, "returnData": False},
                ],
            },
        },
    }


def test_an_alarm_stops_everything_and_the_log_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Any] = []
    monkeypatch.setenv("TRIPANE_API", "id")
    monkeypatch.setenv("TRIPANE_DISTRIBUTION", "E1")
    monkeypatch.setenv("TRIPANE_THROTTLES", json.dumps({"*": {"ThrottlingRateLimit": 9, "ThrottlingBurstLimit": 9}}))
    monkeypatch.setattr(brake, "throttle", lambda _, throttles: done.append(throttles["*"]["ThrottlingRateLimit"]))
    monkeypatch.setattr(brake, "enable", lambda _, enabled: done.append(enabled))
    event = alarm_event("ALARM")
    assert CloudWatchAlarmEvent(event).alarm_data.alarm_name == "limit-functions"
    assert brake.handler(event, SimpleNamespace()) == {"released": False}
    assert done == [0, False]
    assert json.loads(capsys.readouterr().out)["because"]["alarmName"] == "limit-functions"


def test_the_visitor_takes_whatever_a_schedule_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    event = {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-24T10:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/Hourly"],
        "detail": {},
    }
    EventBridgeModel.model_validate(event)
    monkeypatch.setenv("TRIPANE_PAGE", "http://127.0.0.1:9/")
    monkeypatch.setattr(probe, "status", lambda _: 503)
    with pytest.raises(probe.ProbeError, match="the page answers 503"):
        probe.handler(event, SimpleNamespace())
