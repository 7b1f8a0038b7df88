"""What an operator may add: a name of their own, a door, a firewall; and what production alone has."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess

import pytest

from infra.settings import Settings, SettingsError
from tests.infra.conftest import Template, synthesize
from tests.infra.test_settings import DEFAULTS
from tests.support.node import node

TOKEN = "a-token: of the operator's, ü"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module")
def closed(tmp_path_factory) -> Template:
    """A stack with everything that can be added, of another stage."""
    return synthesize(
        tmp_path_factory.mktemp("closed"),
        stage="staging",
        domainName="tripane.example.org",
        certificateArn=CERTIFICATE,
        accessTokenSha256=hashlib.sha256(TOKEN.encode()).hexdigest(),
        requestsPerFiveMinutes="1000",
    )


def config(template) -> dict:
    return template.one("AWS::CloudFront::Distribution")["DistributionConfig"]


def test_a_name_of_ones_own_comes_with_its_certificate_and_a_minimum_of_tls(closed):
    assert config(closed)["Aliases"] == ["tripane.example.org"]
    viewer = config(closed)["ViewerCertificate"]
    assert viewer["AcmCertificateArn"] == CERTIFICATE
    assert viewer["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert closed.document["Outputs"]["PageUrl"]["Value"] == "https://tripane.example.org/"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"domainName": "tripane.example.org"}, "go together"),
        ({"domainName": "https://tripane.example.org"}, "domainName is 'https"),
        ({"certificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "of ACM in us-east-1"),
        ({"accessTokenSha256": "secret"}, "accessTokenSha256 is 'secret'; it must be a SHA-256"),
        ({"requestsPerFiveMinutes": 10}, "at least 200"),
    ],
)
def test_what_is_invalid_is_refused(given, words):
    with pytest.raises(SettingsError, match=words):
        Settings.from_context(DEFAULTS | given)


# The firewall


def test_one_address_is_bounded_and_the_stack_must_be_where_firewalls_are(closed, template):
    acl = closed.one("AWS::WAFv2::WebACL")
    (rule,) = acl["Rules"]
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
        "Limit": 1000,
    }
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert acl["Scope"] == "CLOUDFRONT"
    assert config(closed)["WebACLId"]["Fn::GetAtt"][0] in closed.of_type("AWS::WAFv2::WebACL")
    rules = [rule for name, rule in closed.document["Rules"].items() if "Firewall" in name]
    (assertion,) = rules[0]["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}
    assert not template.of_type("AWS::WAFv2::WebACL")


# The door


def knock(template, authorization: str | None, uri: str = "/", method: str = "GET", **headers: str) -> dict:
    """What the door makes of a request: the request itself, or an answer."""
    code = template.one("AWS::CloudFront::Function")["FunctionCode"]
    sent = {name.replace("_", "-"): {"value": value} for name, value in headers.items()}
    sent |= {} if authorization is None else {"authorization": {"value": authorization}}
    event = {"request": {"method": method, "uri": uri, "headers": sent}}
    script = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    run = subprocess.run(
        [node() or "node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.mark.skipif(not node(), reason="there is no node")
@pytest.mark.parametrize("authorization", [basic("anybody", TOKEN), basic("", TOKEN), f"Bearer {TOKEN}"])
def test_who_knows_the_token_comes_in_and_leaves_it_at_the_door(closed, authorization):
    assert knock(closed, authorization) == {"method": "GET", "uri": "/", "headers": {}}


@pytest.mark.skipif(not node(), reason="there is no node")
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Basic", "Basic !", basic(TOKEN, ""), basic("a", TOKEN[:-1]), "Bearer ", "Bearer x", TOKEN],
)
def test_nobody_else_does(closed, authorization):
    answer = knock(closed, authorization)
    assert answer["statusCode"] == 401
    assert answer["headers"]["www-authenticate"]["value"].startswith("Basic ")


@pytest.mark.skipif(not node(), reason="there is no node")
def test_a_browser_may_ask_without_a_token_what_a_page_of_another_site_may_send(closed):
    asked = {"access_control_request_method": "POST"}
    assert "statusCode" not in knock(closed, None, "/v1/comparisons", "OPTIONS", **asked)
    assert knock(closed, None, "/v1/comparisons", "OPTIONS")["statusCode"] == 401
    assert knock(closed, None, "/v1/comparisons", "POST", **asked)["statusCode"] == 401


def test_the_door_is_before_page_and_api_and_the_token_is_nowhere(closed, template):
    for behaviour in (config(closed)["DefaultCacheBehavior"], *config(closed)["CacheBehaviors"]):
        (association,) = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
    assert TOKEN not in closed.text
    assert not [name for name in template.of_type("AWS::CloudFront::Function") if "Door" in name]


@pytest.mark.skipif(not node(), reason="there is no node")
def test_behind_the_door_a_samples_page_is_found_too(closed):
    assert knock(closed, f"Bearer {TOKEN}", "/samples/a/")["uri"] == "/samples/a/index.html"


# What production alone has


def test_production_is_protected_and_its_logs_outlive_it(template, closed):
    for made, kept in ((template, True), (closed, False)):
        manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
        (stack,) = [a for a in manifest["artifacts"].values() if a["type"] == "aws:cloudformation:stack"]
        assert stack["properties"].get("terminationProtection", False) is kept
        groups = made.of_type("AWS::Logs::LogGroup").values()
        assert {group["DeletionPolicy"] for group in groups} == {"Retain" if kept else "Delete"}
        (bucket,) = [b for i, b in made.of_type("AWS::S3::Bucket").items() if i.startswith("Logs")]
        assert bucket["DeletionPolicy"] == ("Retain" if kept else "Delete")


def test_a_log_that_outlived_its_stack_is_in_nobodys_way(template):
    (named,) = [
        g["Properties"]["LogGroupName"]
        for g in template.of_type("AWS::Logs::LogGroup").values()
        if "LogGroupName" in g["Properties"]
    ]
    assert {"Ref": "AWS::StackId"} in _leaves(named)


def _leaves(value) -> list:
    if isinstance(value, dict) and "Ref" in value:
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [leaf for part in parts for leaf in _leaves(part)]


# The visitor who comes every hour


def test_a_visitor_comes_every_hour_and_an_alarm_tells_when_he_is_not_served(template, closed):
    for made in (template, closed):
        rule = made.one("AWS::Events::Rule")
        assert rule["ScheduleExpression"] == "rate(1 hour)"
        (target,) = rule["Targets"]
        assert target["Arn"]["Fn::GetAtt"][0].startswith("ProbeVisitorFunction")
        (alarm,) = [a for i, a in made.of_type("AWS::CloudWatch::Alarm").items() if i.startswith("Probeprobe")]
        assert (alarm["Properties"]["MetricName"], alarm["Properties"]["Period"]) == ("Errors", 3600)
    variables = template.named("AWS::Lambda::Function", "ProbeVisitor")["Environment"]["Variables"]
    assert set(variables) == {"TRIPANE_PAGE"}
    variables = closed.named("AWS::Lambda::Function", "ProbeVisitor")["Environment"]["Variables"]
    assert set(variables) == {"TRIPANE_PAGE", "TRIPANE_API_ADDRESS", "TRIPANE_ORIGIN_SECRET"}
