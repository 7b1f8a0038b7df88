"""The samples' results, computed by the deployed functions themselves as soon as a deployment has changed them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources
from constructs import Construct

from infra.constructs.container_function import LOGS_LIVE
from shared.contracts.card import Card


class SampleResults(Construct):
    """Invokes the orchestrator once for each set of model versions and samples.

    It is asked and not waited for: Lambda repeats the call, twice at most, when a sample was missed; those that have
    their results cost nothing, and whoever comes before they are there has them computed like any photo's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        orchestrator: lambda_.IFunction,
        cards: Iterable[Card],
        samples_index: Path,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Tripane: has the samples' results computed",
        )
        log_group = logs.LogGroup(self, "Log", retention=LOGS_LIVE, removal_policy=cdk.RemovalPolicy.DESTROY)
        log_group.grant_write(role)
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[orchestrator.function_arn])
        )
        wanted = hashlib.sha256(samples_index.read_bytes())
        for card in cards:
            wanted.update(card.version.encode())
        custom_resources.AwsCustomResource(
            self,
            "Ask",
            on_update=custom_resources.AwsSdkCall(  # also on creation
                service="Lambda",
                action="invoke",
                parameters={
                    "FunctionName": orchestrator.function_arn,
                    "InvocationType": "Event",
                    "Payload": json.dumps({"compute_samples": True}),
                },
                physical_resource_id=custom_resources.PhysicalResourceId.of(wanted.hexdigest()[:16]),
                output_paths=["StatusCode"],
            ),
            role=role,
            log_group=log_group,
            install_latest_aws_sdk=False,
        )
