"""A small Lambda function of a few lines that stand in a folder, with a role and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.container_function import ARCHITECTURES, LOGS_LIVE
from shared.paths import ROOT

RUNTIME = lambda_.Runtime.PYTHON_3_13


class ScriptFunction(Construct):
    """`function` runs `handler.handler` of a folder, which imports boto3 and the standard library alone.

    It may write its own log and nothing else, until its `role` is given more.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: str,
        description: str,
        architecture: str,
        timeout_s: int,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description=description
        )
        self.log_group = logs.LogGroup(self, "Log", retention=LOGS_LIVE, removal_policy=cdk.RemovalPolicy.DESTROY)
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            code=lambda_.Code.from_asset(str(ROOT / folder), exclude=["__pycache__"]),
            handler="handler.handler",
            runtime=RUNTIME,
            description=description,
            architecture=ARCHITECTURES[architecture],
            memory_size=256,
            timeout=cdk.Duration.seconds(timeout_s),
            environment=dict(environment),
            role=self.role,
            log_group=self.log_group,
        )
