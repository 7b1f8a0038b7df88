"""Every model asked for every photo below a prefix of a bucket, by Step Functions: no queue or scheduler of ours."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra import prices
from infra.batch_costs import STEP_MS, call_usd, photo_usd
from infra.constructs.alarm import FIVE_MINUTES, alarm
from infra.constructs.api import of_this_life
from infra.constructs.batch_definition import definition
from infra.constructs.container_function import LOGS_LIVE
from infra.constructs.data_store import DataStore
from infra.constructs.model_function import ModelFunction
from infra.constructs.nag import acknowledge, wildcard
from infra.costs import Stack, billed_ms
from infra.settings import Settings
from shared import storage
from shared.contracts.batch import RESULTS_LIVE_DAYS, Deployed, DeployedModel
from shared.contracts.card import Card
from shared.contracts.deployment import MODEL_MEMORY_MB

OF_A_RUN = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject")
"""What Step Functions does to record the outcome of a run."""


class Batch(Construct):
    """`state_machine`, and functions of its own for each model, from the images of those that visitors ask.

    They may read the operator's photos, which those must not, and can be neither throttled by a batch nor have the
    brake stop the page for what a batch costs. `deployed` is what the tool is told.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cards: Iterable[Card],
        data: DataStore,
        settings: Settings,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._data = data
        self._photos = [s3.Bucket.from_bucket_name(self, name, name) for name in settings.batch_buckets]
        of_name = {card.name: card for card in cards}
        self.models = {
            name: ModelFunction(
                self,
                name.title().replace("_", ""),
                card=card,
                others=sorted(of_name.keys() - {name}),
                data=data,
                settings=settings,
                batch_buckets=self._photos,
            )
            for name, card in of_name.items()
        }
        a_month = cdk.Duration.days(RESULTS_LIVE_DAYS)
        data.bucket.add_lifecycle_rule(id="batches", prefix=storage.BATCHES, expiration=a_month)
        versions = {name: card.version for name, card in of_name.items()}
        self.state_machine = self._state_machine(versions)
        failed = self.state_machine.metric_failed(period=FIVE_MINUTES, statistic="Sum")
        self.alarm = alarm(self, "batch-failed", failed, 1, [topic.topic_arn])
        self.deployed = self._deployed(of_name, settings)

    def _state_machine(self, versions: dict[str, str]) -> stepfunctions.StateMachine:
        stack = cdk.Stack.of(self)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description="Tripane: goes through a folder of photos",
        )
        log = logs.LogGroup(
            self,
            "Log",
            # Under this name CloudWatch lets Step Functions write without a policy that would outlive the stack.
            log_group_name=f"/aws/vendedlogs/{stack.stack_name}/batch-{of_this_life(stack)}",
            retention=LOGS_LIVE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self._allow(role)
        machine = stepfunctions.StateMachine(
            self,
            "States",
            definition_body=stepfunctions.DefinitionBody.from_string(
                json.dumps(definition(versions, self._data.bucket.bucket_name))
            ),
            definition_substitutions={name: model.version.function_arn for name, model in self.models.items()},
            role=role,
            tracing_enabled=True,
            logs=stepfunctions.LogOptions(destination=log, level=stepfunctions.LogLevel.ERROR),
        )
        # Apart from the role's other rights: the machine waits for those, and these name the machine.
        runs = f"arn:{stack.partition}:states:{stack.region}:{stack.account}:execution:{machine.state_machine_name}:*"
        children = iam.Policy(
            self,
            "Children",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine.state_machine_arn]),
                iam.PolicyStatement(actions=["states:DescribeExecution", "states:StopExecution"], resources=[runs]),
            ],
        )
        name = stack.get_logical_id(cast(cdk.CfnElement, machine.node.default_child))
        acknowledge(
            children,
            "A run has a name of its own, and starts, describes and stops its own children.",
            f"IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<{name}.Name>:*]",
        )
        acknowledge(machine, "Logging every step of a million photos would help nobody; failures are logged.", "SF1")
        return machine

    def _allow(self, role: iam.Role) -> None:
        """Allow `role` all that the state machine does, except starting its own children."""
        bucket = self._data.bucket
        of_model = [model.version.function_arn for model in self.models.values()]
        answers = storage.batch_results_prefix("*", "*", "*")
        look, note, runs = answers + storage.RESULT, answers + storage.FAILURE, storage.BATCHES_RUNS + "*"
        for actions, resources in (
            (["lambda:InvokeFunction"], of_model),
            (["s3:ListBucket"], [photos.bucket_arn for photos in self._photos]),
            (["s3:GetObject"], [bucket.arn_for_objects(look)]),
            (["s3:PutObject"], [bucket.arn_for_objects(note)]),
            ([*OF_A_RUN], [bucket.arn_for_objects(runs)]),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        acknowledge(
            role,
            "A batch looks for, and notes, the answers to any photo; and writes about any of its runs.",
            *(wildcard(bucket, key) for key in (look, note, runs)),
        )
        acknowledge(role, "X-Ray's actions, and those to deliver logs, do not support resources.", "IAM5[Resource::*]")

    def _deployed(self, cards: dict[str, Card], settings: Settings) -> Deployed:
        measured, _ = billed_ms(MODEL_MEMORY_MB, settings.engine)
        # A user's own model was not measured on Lambda: it is taken to be as slow as the slowest of ours.
        ms = {name: measured.get(name, max(measured.values())) for name in cards}
        per_ms, per_call = call_usd(Stack(architecture=settings.architecture, model_mb=settings.model_memory_mb))
        return Deployed(
            state_machine=self.state_machine.state_machine_arn,
            results=self._data.bucket.bucket_name,
            buckets=[*settings.batch_buckets],
            models={
                name: DeployedModel(
                    card.title, card.version, self.models[name].function.function_name, ms[name], per_ms, per_call
                )
                for name, card in cards.items()
            },
            usd_per_photo=photo_usd(ms),
            usd_per_gb=prices.EGRESS_GB,
            step_ms=STEP_MS,
        )
