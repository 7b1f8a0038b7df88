"""How a new version of the orchestrator takes over: a tenth of the calls first, and back again on an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.alarm import alarm
from infra.constructs.nag import acknowledge

MINUTE = cdk.Duration.minutes(1)
BAD_ANSWERS = 3
"""Errors in one minute, of all functions and the API together, that end a shift."""


class GradualShift(Construct):
    """CodeDeploy moves `alias` to a version that CloudFormation gives it; `alarm` has it move back."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        errors: Sequence[cloudwatch.IMetric],
        topic: sns.ITopic,
    ) -> None:
        """`errors` are metrics of one minute that are added up; there can be ten."""
        super().__init__(scope, construct_id)
        names = {f"e{i}": metric for i, metric in enumerate(errors)}
        failures = cloudwatch.MathExpression(
            expression=reduce(lambda left, right: f"{left} + {right}", (f"FILL({name}, 0)" for name in names)),
            using_metrics=names,
            label="errors in a minute",
            period=MINUTE,
        )
        self.alarm = alarm(self, "deployment-shift", failures, BAD_ANSWERS, [topic.topic_arn])
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            description="Tripane: lets CodeDeploy move the orchestrator's alias, and look at alarms",
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
                resources=[alias.lambda_.function_arn, alias.function_arn],
            )
        )
        role.add_to_policy(iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
        acknowledge(role, "CodeDeploy queries its alarms together, which needs access to all.", "IAM5[Resource::*]")
        self.group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
            alias=alias,
            deployment_config=codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            alarms=[self.alarm],
            role=role.without_policy_updates(),  # the CDK would give it AWS's managed policy
        )
