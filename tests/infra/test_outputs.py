"""`make outputs`."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from infra.settings import STACK
from infra.tools.outputs import main


@pytest.fixture
def cloudformation(monkeypatch):
    """What CloudFormation answers the next calls."""
    client = boto3.client(
        "cloudformation", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    monkeypatch.setattr(boto3, "client", {"cloudformation": client}.get)
    with Stubber(client) as stub:
        yield stub


def deployed(stub):
    outputs = {"PageUrl": "https://page/", "DataBucket": "bucket"}
    stack = {
        "StackName": STACK,
        "CreationTime": "2026-11-24T10:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
    }
    stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})


def test_all_outputs_are_printed_and_one_alone_for_programs(cloudformation, monkeypatch, capsys):
    deployed(cloudformation)
    monkeypatch.setattr("sys.argv", ["outputs"])
    assert main() == 0
    assert capsys.readouterr().out.split() == ["DataBucket", "bucket", "PageUrl", "https://page/"]
    deployed(cloudformation)
    monkeypatch.setattr("sys.argv", ["outputs", "PageUrl"])
    assert main() == 0
    assert capsys.readouterr().out == "https://page/\n"


def test_what_is_not_there_is_a_clear_word(cloudformation, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["outputs", "Nonsense"])
    cloudformation.add_client_error("describe_stacks", "ValidationError")
    assert main() == 1
    assert "Is it deployed" in capsys.readouterr().err
    deployed(cloudformation)
    assert main() == 1
    assert "There are DataBucket, PageUrl" in capsys.readouterr().err
