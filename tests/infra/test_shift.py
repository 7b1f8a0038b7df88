"""A deployment under way: two versions of the orchestrator answer, each with the models that it was published with."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import boto3
import httpx
import pytest
from moto import mock_aws
from moto.iam.access_control import IAMPolicy, PermissionResult

from functions.orchestrator.app import create_app
from infra.constructs.gradual_shift import BAD_ANSWERS
from shared.contracts.card import load_cards
from tests.infra.conftest import Template, copy_sources, synthesize
from tests.support import photos
from tests.support.api import BUCKET, CREDENTIALS, Painter, put_samples, settings
from tests.support.server import serving


@dataclass
class Deployment:
    """A stack and the models' folder that it was made from."""

    template: Template
    models: Any

    @property
    def pinned(self) -> dict[str, str]:
        """What the orchestrator invokes, by model: the version's logical id."""
        variables = self.template.images()["Orchestrator"]["Properties"]["Environment"]["Variables"]
        parts = variables["TRIPANE_FUNCTIONS"]["Fn::Join"][1]
        return json.loads("".join(part if isinstance(part, str) else part["Ref"] for part in parts))

    def version(self, logical_id: str) -> dict[str, Any]:
        return self.template.document["Resources"][logical_id]


@pytest.fixture(scope="module")
def deployments(tmp_path_factory) -> tuple[Deployment, Deployment]:
    """One, and another of which every model is a new version."""
    folder = tmp_path_factory.mktemp("shift")
    made = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("before", "after"):
            root = folder / name
            copy_sources(root)
            models = root / "functions" / "models"
            for path in models.glob("*/card.json"):
                card = json.loads(path.read_text(encoding="utf-8"))
                card["summary"] += f" As it was {name} the deployment."
                path.write_text(json.dumps(card), encoding="utf-8")
            patch.setattr("infra.constructs.container_function.ROOT", root)
            patch.setattr("infra.stack.load_cards", lambda models=models: load_cards(models))
            made.append(Deployment(synthesize(folder / f"{name}-stack"), models))
    return made[0], made[1]


# The template


def test_every_model_is_pinned_by_a_published_version(template):
    versions = template.of_type("AWS::Lambda::Version")
    pinned = Deployment(template, None).pinned
    assert pinned.keys() == load_cards().keys()
    for name, logical_id in pinned.items():
        assert versions[logical_id]["Properties"]["FunctionName"]["Ref"].startswith(name.title().replace("_", ""))


def test_old_versions_stay_unless_they_are_paid_for(template, tmp_path):
    assert {v["DeletionPolicy"] for v in template.of_type("AWS::Lambda::Version").values()} == {"Retain"}
    paid = synthesize(tmp_path, provisionedConcurrency="2").of_type("AWS::Lambda::Version")
    policies = {("Orchestrator" in logical_id, version["DeletionPolicy"]) for logical_id, version in paid.items()}
    assert policies == {(True, "Retain"), (False, "Delete")}  # CloudFormation deletes when the shift is over


def test_the_api_calls_an_alias_that_codedeploy_moves_and_an_alarm_moves_back(template):
    (alias_id, alias), *_ = template.of_type("AWS::Lambda::Alias").items()
    assert len(template.of_type("AWS::Lambda::Alias")) == 1
    assert template.one("AWS::ApiGatewayV2::Integration")["IntegrationUri"] == {"Ref": alias_id}
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    group = template.one("AWS::CodeDeploy::DeploymentGroup")
    assert update["DeploymentGroupName"]["Ref"] in template.of_type("AWS::CodeDeploy::DeploymentGroup")
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    (watched,) = group["AlarmConfiguration"]["Alarms"]
    alarm = template.document["Resources"][watched["Name"]["Ref"]]["Properties"]
    assert alarm["Threshold"] == BAD_ANSWERS
    metrics = [metric["MetricStat"] for metric in alarm["Metrics"] if "MetricStat" in metric]
    assert {metric["Period"] for metric in metrics} == {60}
    names = sorted(metric["Metric"]["MetricName"] for metric in metrics)
    assert names == ["5xx", *["Errors"] * (1 + len(load_cards()))]


def test_a_stage_is_a_stack_of_its_own_with_no_name_of_the_others(tmp_path):
    create = synthesize(tmp_path, stage="staging")
    assert create.folder.joinpath("Tripane-staging.template.json").exists()
    assert "/aws/vendedlogs/Tripane/" not in create.text
    assert create.one("AWS::CloudWatch::Dashboard")["DashboardName"] == "Tripane-staging"


# A call


class Lambda:
    """The models' functions: an invoker for each version that is there, if the newest role may invoke it."""

    def __init__(self, s3: Any, *deployments: Deployment) -> None:
        self.s3, self.deployments = s3, deployments
        role = deployments[-1].template.named("AWS::IAM::Policy", "OrchestratorRole")
        statements = [s for s in role["PolicyDocument"]["Statement"] if s["Action"] == "lambda:InvokeFunction"]
        resources = [arn(part) for statement in statements for part in statement["Resource"]]
        statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resources}
        self.policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        self.invoked: list[str] = []

    def invoker(self, model: str, logical_id: str) -> Painter:
        (deployment,) = [each for each in self.deployments if logical_id in each.template.document["Resources"]]
        function = deployment.version(logical_id)["Properties"]["FunctionName"]["Ref"]
        version = load_cards(deployment.models)[model].version

        class Version(Painter):
            def invoke(_, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:  # noqa: N805
                allowed = self.policy.is_action_permitted("lambda:InvokeFunction", f"arn:{function}:{logical_id}")
                assert allowed == PermissionResult.PERMITTED
                assert payload["version"] == version  # or the model's answer would be `version-mismatch`
                self.invoked.append(logical_id)
                return Painter.invoke(_, payload, give_up_at)

        return Version(model, self.s3)


def arn(resource: dict[str, Any]) -> str:
    """A resource of the role's policy, which is of one function's versions."""
    text = json.dumps(resource)
    (function,) = [part for part in text.split('"') if part.endswith(tuple("0123456789ABCDEF")) and "Function" in part]
    return f"arn:{function}" + (":*" if ":*" in text else "")


def test_calls_during_a_shift_are_answered_whichever_version_they_meet(deployments, monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    before, after = deployments
    assert not set(before.pinned.values()) & set(after.pinned.values())
    with mock_aws(), ExitStack() as stack:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        put_samples(s3, 1)
        functions = Lambda(s3, before, after)
        clients = []
        for deployment in (before, after):
            invokers = {model: functions.invoker(model, pinned) for model, pinned in deployment.pinned.items()}
            app = create_app(settings(models_dir=deployment.models), s3, invokers)
            clients.append(stack.enter_context(httpx.Client(base_url=stack.enter_context(serving(app)), timeout=30)))
        for asked, others in ((clients[0], clients[1]), (clients[1], clients[0])):
            photo = photos.jpeg(320, 240 + clients.index(asked))
            comparison = asked.post("/v1/comparisons", files={"image": photo}).json()
            assert {model["status"] for model in comparison["models"].values()} == {"ok"}
            # Each picture by the other version than the one before: links lead to what was computed.
            turns = cycle([others, asked])
            for model in comparison["models"].values():
                for link in model["links"].values():
                    assert next(turns).get(link).status_code == 200
            assert others.get(f"/v1/comparisons/{comparison['id']}").status_code == 200
        assert set(functions.invoked) == {*before.pinned.values(), *after.pinned.values()}
