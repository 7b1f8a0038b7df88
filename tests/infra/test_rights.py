"""Rights and calls: nothing is asked of AWS that is not allowed, and nothing allowed that is never asked.

The whole system runs here, with the networks that are served, over moto; every call that our code makes is written down
and held by moto's evaluator of policies against the roles of the synthesized template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from contextlib import nullcontext
from fnmatch import fnmatchcase
from typing import Any

import boto3
import httpx
import pytest
from moto import mock_aws
from moto.iam.access_control import IAMPolicy, PermissionResult

from functions.brake.handler import handler as brake
from functions.orchestrator.app import create_app
from functions.orchestrator.precompute import compute_samples
from functions.orchestrator.settings import Settings
from functions.segmenter.segmenter import Segmenter
from functions.segmenter.start import start
from local import s3 as stand_in
from shared.contracts.card import load_cards
from shared.paths import ASSETS_DIR
from tests.infra.test_brake import CONFIG
from tests.support import photos
from tests.support.account import ACCOUNT, BUCKET, REGION, Account, Right
from tests.support.api import CREDENTIALS, put_samples
from tests.support.calls import Call, Recorder, payload, recorded
from tests.support.server import serving

CARDS = load_cards()
ROLES = {name: name.title().replace("_", "") for name in CARDS}
ROLES |= {"orchestrator": "Orchestrator", "brake": "BrakeStop", "results": "SampleResults"}
"""The beginning of the logical ids of each caller's role and policy."""

UNLESS_ONCE = {"Null": {"s3:if-none-match": "true"}}
"""The only condition there is: of a call that would write over what is there."""
BY_LAMBDA = "Lambda itself does it with the function's role"
BY_THE_CDK = (
    "a deployment makes the call, by the CDK's function and AWS's command: what it needs was read, not recorded"
)
UNUSED = {
    ("*", "logs:CreateLogStream"): BY_LAMBDA,
    ("*", "logs:PutLogEvents"): BY_LAMBDA,
    ("*", "xray:PutTraceSegments"): BY_LAMBDA,
    ("*", "xray:PutTelemetryRecords"): BY_LAMBDA,
    ("Contents", "s3:GetObject"): BY_THE_CDK,
    ("Contents", "s3:ListBucket"): BY_THE_CDK,
    ("Contents", "s3:PutObject"): BY_THE_CDK,
    ("Contents", "s3:AbortMultipartUpload"): BY_THE_CDK,
    ("Contents", "cloudfront:CreateInvalidation"): BY_THE_CDK,
    ("Contents", "cloudfront:GetInvalidation"): BY_THE_CDK,
    ("Shift", "lambda:GetAlias"): "CodeDeploy makes the call",
    ("Shift", "lambda:UpdateAlias"): "CodeDeploy makes the call",
    ("Shift", "lambda:GetProvisionedConcurrencyConfig"): "CodeDeploy makes the call",
    ("Shift", "cloudwatch:DescribeAlarms"): "CodeDeploy makes the call",
}
"""What is allowed and was not seen: the beginning of a role's logical id, or "*", the action, and why it is allowed."""


@pytest.fixture(scope="module")
def account(template) -> Account:
    return Account(template)


@pytest.fixture(scope="module")
def recorder(account) -> Iterator[Recorder]:
    """What was asked while the system ran."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(), recorded() as made:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        patch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
        patch.setattr("functions.segmenter.segmenter.cpu_budget", nullcontext)  # is for a process's main thread
        run_everything(account, made, patch)
        yield made


def run_everything(account: Account, made: Recorder, patch: pytest.MonkeyPatch) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    stand_in.seed(s3, CARDS.values(), ASSETS_DIR)
    put_samples(s3, 1)
    functions = started(account, made)
    made.answers["lambda", "Invoke"] = lambda asked: called(functions, asked)
    variables = environment(account, "Orchestrator") | {"TRIPANE_MODELS_DIR": "functions/models"}
    secrets = variables.pop("TRIPANE_ORIGIN_SECRETS")
    assert secrets
    made.who = "orchestrator"
    app = create_app(Settings.from_environment(variables))
    made.who = ""
    assert compute_samples(app)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as http:
        visit(http)
    made.calls.add(("results", "lambda:InvokeFunction", custom_call(account)))
    stop(made, patch)


def started(account: Account, made: Recorder) -> dict[str, Segmenter]:
    """Every model's function, by the ARN that is invoked."""
    pinned = json.loads(environment(account, "Orchestrator")["TRIPANE_FUNCTIONS"])
    functions = {}
    for name in CARDS:
        made.who = name
        functions[pinned[name]] = start({"TRIPANE_MODEL": name, "TRIPANE_DATA_BUCKET": BUCKET})
    made.who = ""
    return functions


def called(functions: dict[str, Segmenter], asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("InvocationType") == "DryRun":
        return {"StatusCode": 204}
    return payload(functions[asked["FunctionName"]].answer(json.loads(asked["Payload"])))


def environment(account: Account, construct: str) -> dict[str, str]:
    """A function's variables, as a deployment resolves them."""
    (function,) = [
        resource
        for logical_id, resource in account.resources.items()
        if resource["Type"] == "AWS::Lambda::Function" and logical_id.startswith(f"{construct}Function")
    ]
    variables = function["Properties"]["Environment"]["Variables"]
    return {name: account.text(value) for name, value in variables.items()}


def visit(http: httpx.Client) -> None:
    """Everything that a visitor can do."""
    sample = http.get("/v1/samples").json()["samples"][0]
    for path in (sample["image"], sample["thumbnail"], "/v1/models", "/v1/health"):
        assert http.get(path).status_code == 200
    photo = {"image": photos.jpeg(320, 240)}
    asked, again = (http.post("/v1/comparisons", files=photo) for _ in range(2))
    comparison = asked.json()
    assert {model["status"] for model in comparison["models"].values()} == {"ok"}
    of_sample = http.post("/v1/comparisons", data={"sample": sample["id"]}).json()
    assert http.get(of_sample["truth"]["href"]).status_code == 200
    assert http.get(comparison["image"]["href"]).status_code == 200
    for model in comparison["models"].values():
        for link in model["links"].values():
            assert http.get(link).status_code == 200
    address = f"/v1/comparisons/{comparison['id']}"
    assert http.get(address).status_code == 200
    assert http.get(f"/v1/comparisons/{'0' * 64}").status_code == 404
    for answer in (asked, again):
        assert http.delete(address, headers={"X-Delete-Token": answer.headers["X-Delete-Token"]}).is_success


def custom_call(account: Account) -> str:
    """What the deployment has Lambda invoke, by the custom resource's own words."""
    (asked,) = [r for r in account.resources.values() if r["Type"] == "Custom::AWS"]
    call = json.loads(account.text(asked["Properties"]["Create"]))
    assert (call["service"], call["action"]) == ("Lambda", "invoke")
    return str(call["parameters"]["FunctionName"])


def stop(made: Recorder, patch: pytest.MonkeyPatch) -> None:
    distribution = boto3.client("cloudfront").create_distribution(DistributionConfig=CONFIG)["Distribution"]["Id"]
    patch.setenv("TRIPANE_API", "api")
    patch.setenv("TRIPANE_DISTRIBUTION", distribution)
    patch.setenv("TRIPANE_THROTTLES", json.dumps({"*": {}}))
    made.answers["apigatewayv2", "UpdateStage"] = lambda _: {}
    made.who = "brake"
    brake({}, None)
    made.who = ""
    # The account's own names of what the template calls otherwise.
    names = {"/apis/api/": "/apis/ApiHttp/", f"distribution/{distribution}": "distribution/SiteDistribution"}
    for who, action, resource in sorted(made.calls):
        for ours, theirs in names.items():
            if ours in resource:
                made.calls -= {(who, action, resource)}
                made.calls |= {(who, action, resource.replace(ours, theirs))}


def policy_of(account: Account, who: str) -> dict[str, Any]:
    (found,) = [policy for role, policy in account.policies() if role.startswith(f"{ROLES[who]}Role")]
    text = json.dumps(found | {"Statement": found["Statement"] + account.denied_by_buckets()})
    for logical_id in account.resources:
        for start_ in ("ApiHttp", "SiteDistribution"):
            if account.resources[logical_id]["Type"] in {"AWS::ApiGatewayV2::Api", "AWS::CloudFront::Distribution"}:
                text = text.replace(logical_id, start_) if logical_id.startswith(start_) else text
    policy: dict[str, Any] = json.loads(text)
    return policy


def refused(account: Account, calls: Set[Call], once: Set[Call] = frozenset()) -> list[Call]:
    """The calls that the caller's role does not allow; those of `once` write only what is not there yet."""
    policies = {
        (who, is_once): IAMPolicy(json.dumps(without_conditions(policy_of(account, who), is_once)))
        for who in ROLES
        for is_once in (False, True)
    }
    return [
        (who, action, resource)
        for who, action, resource in sorted(calls)
        if policies[who, (who, action, resource) in once].is_action_permitted(action, resource)
        != PermissionResult.PERMITTED
    ]


def without_conditions(policy: dict[str, Any], is_once: bool) -> dict[str, Any]:
    """The statements that hold for a call, which moto's evaluator then holds it to: it knows no such condition."""
    kept = []
    for statement in policy["Statement"]:
        assert statement["Condition"] in (None, UNLESS_ONCE)
        if statement["Condition"] is None or not is_once:
            kept.append({name: value for name, value in statement.items() if name != "Condition"})
    return policy | {"Statement": kept}


def test_every_caller_was_heard(recorder):
    assert {who for who, _, _ in recorder.calls} == ROLES.keys()


def test_nothing_is_asked_that_is_not_allowed(account, recorder):
    assert refused(account, recorder.calls, recorder.once) == []
    assert recorder.once


def test_a_call_that_is_not_allowed_would_be_found(account):
    strange = {
        ("enet", "s3:GetObject", f"arn:aws:s3:::{BUCKET}/models/swiftnet/x.onnx"),
        ("enet", "s3:PutObject", f"arn:aws:s3:::{BUCKET}/results/samples/{'0' * 64}/enet/v/maps.zip"),
        ("enet", "s3:ListBucket", f"arn:aws:s3:::{BUCKET}"),
        ("orchestrator", "s3:PutObject", f"arn:aws:s3:::{BUCKET}/models/enet/x.onnx"),
        ("orchestrator", "lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Other:1"),
        ("brake", "cloudfront:UpdateDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/OTHER"),
    }
    assert set(refused(account, strange)) == strange


def test_nothing_is_allowed_that_is_never_asked_but_for_a_reason(account, recorder):
    unused = set()
    for who in ROLES:
        asked = {(action, resource) for caller, action, resource in recorder.calls if caller == who}
        for statement in policy_of(account, who)["Statement"]:
            if statement["Effect"] == "Deny":
                continue
            for action in statement["Action"]:
                for allowed in statement["Resource"]:
                    if not any(action == a and fnmatchcase(resource, allowed) for a, resource in asked):
                        unused.add(Right(ROLES[who], action, allowed))
    silent = {right for right in account.rights() if not right.role.startswith(tuple(ROLES.values()))}
    unexplained = {right for right in unused | silent if not reasons(right)}
    assert unexplained == set()
    stale = {key for key in UNUSED if not any(key in reasons(right) for right in unused | silent)}
    assert stale == set()


def reasons(right: Right) -> list[tuple[str, str]]:
    return [key for key in UNUSED if key[1] == right.action and (key[0] == "*" or right.role.startswith(key[0]))]
