"""The function that stops everything, against moto's CloudFront; moto's API Gateway has no such call, a stub has."""

from __future__ import annotations

import io
import json

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from functions.brake.handler import handler
from infra.daily_limit import DailyLimit
from infra.tools.brake import main

THROTTLES = DailyLimit(50, models=3).throttles
NOTHING = {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}
TO_API = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
ORIGIN = {"Id": "o", "DomainName": "example.org", "CustomOriginConfig": TO_API}
CONFIG = {
    "CallerReference": "x",
    "Comment": "Tripane",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [ORIGIN]},
    "DefaultCacheBehavior": {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
}


@pytest.fixture
def cloudfront(monkeypatch):
    """A distribution that is served, in an account of moto's."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("cloudfront")
        made = client.create_distribution(DistributionConfig=CONFIG)["Distribution"]["Id"]
        monkeypatch.setenv("TRIPANE_DISTRIBUTION", made)
        monkeypatch.setenv("TRIPANE_API", "abc123")
        monkeypatch.setenv("TRIPANE_THROTTLES", json.dumps(THROTTLES))
        yield client


@pytest.fixture
def gateway(cloudfront, monkeypatch):
    """What API Gateway is asked."""
    client = boto3.client("apigatewayv2", region_name="us-east-1")
    monkeypatch.setattr(boto3, "client", {"apigatewayv2": client, "cloudfront": cloudfront}.__getitem__)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def throttled(default, routes):
    return {"ApiId": "abc123", "StageName": "$default", "DefaultRouteSettings": default, "RouteSettings": routes}


def enabled(cloudfront) -> bool:
    (found,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    return found["Enabled"]


ALARM = {"source": "aws.cloudwatch", "alarmData": {"alarmName": "limit-functions", "state": {"value": "ALARM"}}}
STOPPED = throttled(NOTHING, {"POST /v1/comparisons": NOTHING})


def test_an_alarm_stops_the_api_and_the_page(gateway, cloudfront, capsys):
    gateway.add_response("update_stage", {}, STOPPED)
    assert handler(ALARM, None) == {"released": False}
    assert not enabled(cloudfront)
    assert "limit-functions" in capsys.readouterr().out


def test_what_was_stopped_is_stopped_again_without_an_error(gateway, cloudfront):
    for _ in range(2):
        gateway.add_response("update_stage", {}, STOPPED)
        handler(ALARM, None)
    assert not enabled(cloudfront)


def test_releasing_restores_the_throttles_that_were_deployed(gateway, cloudfront):
    gateway.add_response("update_stage", {}, STOPPED)
    handler(ALARM, None)
    routes = {route: limits for route, limits in THROTTLES.items() if route != "*"}
    gateway.add_response("update_stage", {}, throttled(THROTTLES["*"], routes))
    assert handler({"release": True}, None) == {"released": True}
    assert enabled(cloudfront)


def test_an_api_that_cannot_be_throttled_keeps_nobody_from_disabling_the_page(gateway, cloudfront):
    gateway.add_client_error("update_stage", "TooManyRequestsException", expected_params=STOPPED)
    with pytest.raises(ExceptionGroup, match="not all"):
        handler(ALARM, None)
    assert not enabled(cloudfront)


def test_a_page_that_cannot_be_disabled_is_an_error_that_lambda_tries_again(gateway, cloudfront, monkeypatch):
    monkeypatch.setenv("TRIPANE_DISTRIBUTION", "gone")
    gateway.add_response("update_stage", {}, STOPPED)
    with pytest.raises(ExceptionGroup, match="not all"):
        handler(ALARM, None)
    assert enabled(cloudfront)


# By hand


@pytest.fixture
def function(monkeypatch):
    """The deployed brake: what it is asked, and what it answers."""
    client = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
    monkeypatch.setattr(boto3, "client", {"lambda": client}.get)
    monkeypatch.setattr("infra.tools.brake.outputs", lambda: {"BrakeFunction": "brake"})
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("what", "word"), [("stop", "Stopped"), ("release", "Released")])
def test_an_operator_stops_and_releases(function, monkeypatch, capsys, what, word):
    asked = {"FunctionName": "brake", "Payload": json.dumps({what: True}).encode()}
    function.add_response("invoke", {"StatusCode": 200, "Payload": io.BytesIO(b"{}")}, asked)
    monkeypatch.setattr("sys.argv", ["brake", what])
    assert main() == 0
    assert word in capsys.readouterr().out


def test_a_brake_that_failed_and_one_that_is_not_there_are_clear_words(function, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["brake", "stop"])
    answer = {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "not all of it was done"}')}
    function.add_response("invoke", answer)
    assert main() == 1
    assert "not all of it was done" in capsys.readouterr().err
    monkeypatch.setattr("infra.tools.brake.outputs", dict)
    assert main() == 1
    assert "Is the stack deployed" in capsys.readouterr().err
