"""The rehearsal in a sandbox account: its order, and that it cleans up after itself."""

from __future__ import annotations

from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from infra.tools import rehearse

ACCOUNT = "123456789012"  # moto's


@pytest.fixture
def sandbox(monkeypatch):
    """What `make` is told; `failing` are targets that fail."""
    told: list[str] = []
    failing: set[str] = set()

    def run(command, env, **_):
        assert "MAKEFLAGS" not in env
        told.append(" ".join(command[1:]))
        return SimpleNamespace(returncode=int(command[1] in failing))

    monkeypatch.setattr(rehearse.subprocess, "run", run)
    monkeypatch.setattr(rehearse, "load", lambda: told.append("load"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("TRIPANE_STAGE", "production")
    monkeypatch.setenv("MAKEFLAGS", " -- ARGS=--account\\ 1")
    with mock_aws():
        yield told, failing


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["rehearse", "--account", ACCOUNT, *arguments])
    return rehearse.main()


def test_a_whole_life_in_its_order_and_in_a_stage_of_its_own(sandbox, monkeypatch, capsys):
    told, _ = sandbox
    assert run(monkeypatch) == 0
    targets = [one.split()[0] for one in told]
    assert targets == ["deploy", "load", "rotate", "rollback", "stop", "release", "destroy"]
    assert all("STAGE=rehearsal" in one for one in told if one != "load")
    assert "CONFIRM=Tripane-rehearsal" in told[-1]
    assert "nothing" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["deploy", "rotate", "rollback"])
def test_whatever_fails_the_stack_is_destroyed(sandbox, monkeypatch, capsys, target):
    told, failing = sandbox
    failing.add(target)
    assert run(monkeypatch) == 1
    assert told[-1].startswith("destroy")
    assert f"make {target}" in capsys.readouterr().err


def test_the_stack_stays_only_when_it_is_asked_for(sandbox, monkeypatch):
    told, _ = sandbox
    assert run(monkeypatch, "--keep") == 0
    assert not [one for one in told if one.startswith("destroy")]


def test_what_is_left_is_told(sandbox, monkeypatch, capsys):
    boto3.client("s3").create_bucket(Bucket="forgotten")
    tags = [{"Key": "stage", "Value": "rehearsal"}]
    boto3.client("s3").put_bucket_tagging(Bucket="forgotten", Tagging={"TagSet": tags})
    assert run(monkeypatch) == 0
    assert "arn:aws:s3:::forgotten" in capsys.readouterr().out


def test_another_account_is_left_alone(sandbox, monkeypatch):
    told, _ = sandbox
    monkeypatch.setattr("sys.argv", ["rehearse", "--account", "210987654321"])
    assert rehearse.main() == 1
    assert told == []
