"""What a batch may do: all that it does, and nothing else but for a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.iam.access_control import IAMPolicy, PermissionResult

from functions.segmenter.start import start
from local import s3 as stand_in
from shared import storage
from shared.contracts.card import load_cards
from shared.contracts.messages import SegmentRequest
from shared.paths import ASSETS_DIR
from tests.infra.conftest import BUCKETS, Template
from tests.infra.test_batch import PHOTO, machine
from tests.infra.test_rights import UNUSED as UNUSED_BY_ALL
from tests.support import photos
from tests.support.account import ACCOUNT, BUCKET, REGION, Account
from tests.support.api import CREDENTIALS
from tests.support.calls import Call, recorded

CARDS = load_cards()
OF_A_RUN = "Step Functions writes what became of a run's photos, in parts where they are many"
UNUSED = {key: why for key, why in UNUSED_BY_ALL.items() if key[0] == "*"} | {
    ("Batch", "s3:AbortMultipartUpload"): OF_A_RUN,
    ("Batch", "s3:ListMultipartUploadParts"): OF_A_RUN,
    ("Batch", "s3:GetObject"): OF_A_RUN,
    ("Batch", "states:StartExecution"): "Step Functions makes the call, for every photo",
    ("Batch", "states:DescribeExecution"): "Step Functions makes the call",
    ("Batch", "states:StopExecution"): "Step Functions makes the call, when a run is stopped",
    ("Batch", "logs:CreateLogDelivery"): "Step Functions delivers its log",
    ("Batch", "logs:GetLogDelivery"): "Step Functions delivers its log",
    ("Batch", "logs:UpdateLogDelivery"): "Step Functions delivers its log",
    ("Batch", "logs:DeleteLogDelivery"): "Step Functions delivers its log",
    ("Batch", "logs:ListLogDeliveries"): "Step Functions delivers its log",
    ("Batch", "logs:PutResourcePolicy"): "Step Functions delivers its log",
    ("Batch", "logs:DescribeResourcePolicies"): "Step Functions delivers its log",
    ("Batch", "logs:DescribeLogGroups"): "Step Functions delivers its log",
    ("Batch", "xray:GetSamplingRules"): "Step Functions traces a run",
    ("Batch", "xray:GetSamplingTargets"): "Step Functions traces a run",
}
"""What is allowed and was not seen: see `tests/infra/test_rights.py`."""


@pytest.fixture(scope="module")
def account(batch) -> Account:
    return Account(batch)


@pytest.fixture(scope="module")
def called() -> Iterator[set[Call]]:
    """What the models' functions asked for while each answered about a photo of each bucket."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(), recorded() as made:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        patch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
        patch.setattr("functions.segmenter.segmenter.cpu_budget", nullcontext)  # is for a process's main thread
        s3 = boto3.client("s3")
        for bucket in (BUCKET, *BUCKETS):
            s3.create_bucket(Bucket=bucket)
        for bucket in BUCKETS:
            s3.put_object(Bucket=bucket, Key="drive/a.jpg", Body=photos.jpeg(320, 240))
        stand_in.seed(s3, CARDS.values(), ASSETS_DIR)
        for name, card in CARDS.items():
            made.who = name
            function = start({"TRIPANE_MODEL": name, "TRIPANE_DATA_BUCKET": BUCKET})
            for bucket in BUCKETS:
                prefix = storage.batch_results_prefix(PHOTO, name, card.version)
                asked = SegmentRequest("drive/a.jpg", prefix, card.version, PHOTO, bucket)
                assert function.answer(asked.document())["status"] == "ok"
        yield made.calls


def policy(account: Account, start: str) -> IAMPolicy:
    """What a role may do, by all its policies."""
    found = [p for name, p in account.policies() if name.startswith(start)]
    statements = [
        {key: value for key, value in statement.items() if key != "Condition"}
        for policy in found
        for statement in policy["Statement"]
    ]
    return IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements}))


def allowed(policy: IAMPolicy, action: str, resource: str) -> bool:
    return policy.is_action_permitted(action, resource) == PermissionResult.PERMITTED


def test_a_batchs_model_reads_those_buckets_and_nothing_of_visitors(account):
    model = policy(account, "BatchEnetRole")
    answers = f"arn:aws:s3:::{BUCKET}/{storage.batch_results_prefix(PHOTO, 'enet', 'v')}"
    for bucket in BUCKETS:
        assert allowed(model, "s3:GetObject", f"arn:aws:s3:::{bucket}/drive/a.jpg")
        assert not allowed(model, "s3:ListBucket", f"arn:aws:s3:::{bucket}")
        assert not allowed(model, "s3:PutObject", f"arn:aws:s3:::{bucket}/drive/a.jpg")
    assert allowed(model, "s3:GetObject", f"arn:aws:s3:::{BUCKET}/models/enet/x.onnx")
    assert allowed(model, "s3:PutObject", answers + storage.RESULT)
    for action, resource in (
        ("s3:GetObject", "arn:aws:s3:::another/a.jpg"),
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/{storage.upload_key(PHOTO)}"),
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/models/swiftnet/x.onnx"),
        ("s3:GetObject", answers + storage.MAPS),
        ("s3:PutObject", answers.replace("/enet/", "/swiftnet/") + storage.RESULT),
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/results/uploads/{PHOTO}/enet/v/{storage.RESULT}"),
    ):
        assert not allowed(model, action, resource), (action, resource)


def test_visitors_models_do_not_reach_the_operators_photos(account):
    assert not allowed(policy(account, "EnetRole"), "s3:GetObject", "arn:aws:s3:::my-photos/a.jpg")
    orchestrator = policy(account, "OrchestratorRole")
    assert not allowed(orchestrator, "s3:GetObject", f"arn:aws:s3:::{BUCKET}/{storage.BATCHES_RESULTS}x/enet/v/y")


def calls_of(account: Account, batch: Template) -> set[tuple[str, str]]:
    """Action and resource of all that the state machine does."""
    calls = set()
    for state in tasks(machine(account, batch)["States"]["Photos"]["ItemProcessor"]):
        kind, parameters = state["Resource"].rpartition(":states:::")[2], state["Parameters"]
        if kind == "lambda:invoke":
            names = batch.one("AWS::StepFunctions::StateMachine")["DefinitionSubstitutions"]
            name = parameters["FunctionName"].strip("${}")
            calls.add(("lambda:InvokeFunction", account.text(names[name])))
        else:
            key = parameters["Key.$"].split("'")[1].format(PHOTO)
            action = {"aws-sdk:s3:headObject": "s3:GetObject", "aws-sdk:s3:putObject": "s3:PutObject"}[kind]
            calls.add((action, f"arn:aws:s3:::{parameters['Bucket']}/{key}"))
    calls |= {("s3:ListBucket", f"arn:aws:s3:::{bucket}") for bucket in BUCKETS}
    calls |= {("s3:PutObject", f"arn:aws:s3:::{BUCKET}/batches/runs/run/manifest.json")}
    return calls


def test_the_state_machine_may_do_what_its_definition_does_and_no_more(account, batch):
    role = policy(account, "BatchRole")
    calls = calls_of(account, batch)
    assert len(calls) == 3 * len(CARDS) + len(BUCKETS) + 1
    assert [call for call in sorted(calls) if not allowed(role, *call)] == []
    ((_, children),) = [found for found in account.policies() if found[0].startswith("BatchChildren")]
    (machine_,) = batch.of_type("AWS::StepFunctions::StateMachine")
    assert [(s["Action"], s["Resource"]) for s in children["Statement"]] == [
        (["states:StartExecution"], [machine_]),
        (
            ["states:DescribeExecution", "states:StopExecution"],
            [f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine_}:*"],
        ),
    ]
    for action, resource in (
        ("s3:GetObject", "arn:aws:s3:::my-photos/a.jpg"),
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/{storage.batch_results_prefix(PHOTO, 'enet', 'v')}{storage.MAPS}"),
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/{storage.batch_results_prefix(PHOTO, 'enet', 'v')}{storage.RESULT}"),
        ("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"),
        ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:EnetFunction:1"),
    ):
        assert not allowed(role, action, resource), (action, resource)


def tasks(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Every task of a state machine, those of branches too."""
    found = []
    for state in machine["States"].values():
        found += [state] if state["Type"] == "Task" else []
        for branch in state.get("Branches", []):
            found += tasks(branch)
    return found


def test_models_may_do_all_that_they_do(account, called):
    assert {who for who, _, _ in called} == CARDS.keys()
    roles = {name: policy(account, f"Batch{name.title().replace('_', '')}Role") for name in CARDS}
    assert [call for call in sorted(called) if not allowed(roles[call[0]], *call[1:])] == []


def test_nothing_is_allowed_that_is_never_asked_but_for_a_reason(account, batch, called):
    asked = {(f"Batch{who.title().replace('_', '')}Role", action, resource) for who, action, resource in called}
    asked |= {("BatchRole", action, resource) for action, resource in calls_of(account, batch)}
    unused = {
        right
        for right in account.rights()
        if right.role.startswith("Batch")
        and not any(
            right.role.startswith(role) and right.action == action and fnmatchcase(resource, right.resource)
            for role, action, resource in asked
        )
    }
    unexplained = {right for right in unused if not reasons(right.role, right.action)}
    assert unexplained == set()
    assert {key for key in UNUSED if not any(key in reasons(r.role, r.action) for r in unused)} == set()


def reasons(role: str, action: str) -> list[tuple[str, str]]:
    return [key for key in UNUSED if key[1] == action and (key[0] == "*" or role.startswith(key[0]))]
