"""An account that the CDK was prepared for under a qualifier of its own."""

from __future__ import annotations

import io
import json

import boto3
import pytest
from botocore.stub import Stubber

from infra.tools.bootstrapped import QUALIFIER, main
from tests.infra.conftest import synthesize


def test_the_stack_is_synthesized_for_the_accounts_own_qualifier(tmp_path):
    template = synthesize(tmp_path, **{QUALIFIER: "acme"})
    assert template.document["Parameters"]["BootstrapVersion"]["Default"] == "/cdk-bootstrap/acme/version"
    assert "cdk-acme-assets-" in str(template.named("AWS::IAM::Policy", "ContentsRole"))
    assert "hnb659fds" not in template.text


@pytest.fixture
def ssm(monkeypatch):
    """What the parameter store answers the next call."""
    client = boto3.client("ssm", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    monkeypatch.setattr(boto3, "client", {"ssm": client}.get)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("context", "qualifier"), [({}, "hnb659fds"), ({QUALIFIER: "acme"}, "acme")])
def test_the_bootstrap_that_is_looked_for_is_the_one_that_the_stack_wants(ssm, monkeypatch, context, qualifier):
    asked = {"Name": f"/cdk-bootstrap/{qualifier}/version"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(context)))
    ssm.add_response("get_parameter", {"Parameter": {"Value": "21"}}, asked)
    assert main() == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(context)))
    ssm.add_client_error("get_parameter", "ParameterNotFound", expected_params=asked)
    assert main() == 1


def test_where_the_cdk_tells_no_context_nothing_is_asked(ssm, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main() == 1
