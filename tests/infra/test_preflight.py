"""What an operator is told before a deployment, and asked before everything is destroyed."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import boto3
import pytest
from botocore.stub import Stubber

from infra.settings import Settings, SettingsError
from infra.tools import unprotect
from infra.tools.preflight import about_account, about_region, address, main
from tests.infra.test_settings import DEFAULTS

SETTINGS = Settings.from_context(DEFAULTS)


def test_an_address_that_is_set_is_not_asked_for():
    said: list[str] = []
    settings = replace(SETTINGS, alarm_email="operator@example.org")
    assert address(settings, io.StringIO("other@example.org\n"), said.append) == "operator@example.org"
    assert "operator@example.org" in said[0]


def test_somebody_at_the_terminal_is_asked():
    said: list[str] = []
    assert address(SETTINGS, io.StringIO("me@example.org\n"), said.append) == "me@example.org"
    assert "NOBODY" not in str(said)
    with pytest.raises(SettingsError, match="alarmEmail is 'me'"):
        address(SETTINGS, io.StringIO("me\n"), said.append)


@pytest.mark.parametrize("terminal", [None, io.StringIO("\n")])
def test_that_nobody_will_be_told_is_said_loudly(terminal):
    said: list[str] = []
    assert address(SETTINGS, terminal, said.append) == ""
    assert "NOBODY WILL BE TOLD" in said[-1]


def test_a_region_without_cloudfronts_metrics_is_told_of_and_takes_no_firewall():
    assert about_region(SETTINGS, "us-east-1") == ([], [])
    notes, impossible = about_region(SETTINGS, "eu-west-1")
    assert "not egress" in notes[0]
    assert not impossible
    _, impossible = about_region(replace(SETTINGS, requests_per_five_minutes=1000), "eu-west-1")
    assert "requestsPerFiveMinutes" in impossible[0]


def test_quotas_of_a_new_account_are_told_of():
    small = " ".join(about_account(SETTINGS, 10))
    assert "10 functions at once, which is 2 comparisons" in small
    assert "-c modelMemoryMb=3008" in small
    assert not about_account(SETTINGS, 1000)
    assert "provisionedConcurrency" in str(about_account(replace(SETTINGS, provisioned_concurrency=4), 20))


@pytest.fixture
def account(monkeypatch):
    client = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    monkeypatch.setattr(boto3, "client", lambda name, **_: {"lambda": client}[name])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with Stubber(client) as stub:
        yield stub


def test_the_command_ends_badly_only_when_the_deployment_would(account, monkeypatch, capsys):
    for changes, status in (({}, 0), ({"requestsPerFiveMinutes": 500}, 1), ({"architecture": "mips"}, 1)):
        account.add_response("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}})
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(DEFAULTS | changes)))
        assert main() == status
    out, err = capsys.readouterr()
    assert out == ""
    assert "NOBODY WILL BE TOLD" in err
    assert "one of x86_64, arm64" in err


def test_without_a_context_nothing_is_deployed(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main() == 1
    assert "printed no context" in capsys.readouterr().err


@pytest.fixture
def cloudformation(monkeypatch):
    client = boto3.client("cloudformation", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    monkeypatch.setattr(boto3, "client", {"cloudformation": client}.get)
    monkeypatch.setenv("TRIPANE_STAGE", "staging")
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def test_nothing_is_destroyed_unless_its_name_is_given(cloudformation, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["unprotect"])
    for typed in ("", "yes\n", "Tripane\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert unprotect.main() == 1
    assert "Nothing was done" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "typed"), [(["unprotect"], "Tripane-staging\n"), (["unprotect", "Tripane-staging"], "")]
)
def test_the_stack_s_name_takes_its_protection_away(cloudformation, monkeypatch, argv, typed):
    asked = {"EnableTerminationProtection": False, "StackName": "Tripane-staging"}
    cloudformation.add_response("update_termination_protection", {"StackId": "x"}, asked)
    monkeypatch.setattr("sys.argv", argv)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert unprotect.main() == 0
