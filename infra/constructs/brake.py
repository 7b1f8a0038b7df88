"""What stops everything when a day is about to cost more than the operator's limit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.alarm import FIVE_MINUTES, alarm
from infra.constructs.container_function import ContainerFunction
from infra.constructs.nag import acknowledge
from infra.constructs.script_function import ScriptFunction
from infra.daily_limit import DailyLimit
from infra.prices import LAMBDA_GB_SECOND

CLOUDFRONTS_METRICS = "us-east-1"
"""Where CloudFront's metrics are, wherever its visitors are; an alarm sees those of its own region alone."""


class Brake(Construct):
    """A function that throttles the API to nothing and disables the distribution, and the alarms that start it.

    An alarm of a region sees no other region's metrics: outside us-east-1 there is none on CloudFront's bytes.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        limit: DailyLimit,
        functions: Mapping[str, ContainerFunction],
        api: apigateway.HttpApi,
        distribution: cloudfront.Distribution,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = cdk.Stack.of(self)
        brake = ScriptFunction(
            self,
            "Stop",
            folder="functions/brake",
            description="Tripane: stops everything when a day costs too much",
            architecture=limit.stack.architecture,
            timeout_s=60,
            environment={
                "TRIPANE_API": api.api_id,
                "TRIPANE_DISTRIBUTION": distribution.distribution_id,
                "TRIPANE_THROTTLES": json.dumps(limit.throttles),
            },
        )
        self.function = brake.function
        logical_id = stack.get_logical_id(cast(cdk.CfnElement, api.node.default_child))
        stages = f"arn:{stack.partition}:apigateway:{stack.region}::/apis/{api.api_id}/stages/*"
        for actions, resource in (
            (["apigateway:PATCH"], stages),
            (["cloudfront:GetDistributionConfig", "cloudfront:UpdateDistribution"], distribution.distribution_arn),
        ):
            brake.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        acknowledge(
            brake.role,
            "The API has one stage, whose name has a dollar sign, which policies may have to spell differently.",
            f"IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/apis/<{logical_id}>/stages/*]",
        )
        self.function.add_permission(
            "Alarms",
            principal=iam.ServicePrincipal("lambda.alarms.cloudwatch.amazonaws.com"),
            source_account=stack.account,
        )
        starting = [topic.topic_arn, self.function.function_arn]
        too_long = alarm(self, "limit-functions", _usd(functions, limit), limit.functions_usd, starting)
        too_much = alarm(self, "limit-egress", _bytes(distribution), limit.egress_bytes, starting)
        here = cdk.Fn.condition_equals(stack.region, CLOUDFRONTS_METRICS)
        cast(cdk.CfnResource, too_much.node.default_child).cfn_options.condition = cdk.CfnCondition(
            self, "SeesCloudFront", expression=here
        )
        failed = alarm(self, "brake-errors", self.function.metric_errors(period=FIVE_MINUTES), 1, [topic.topic_arn])
        self.alarms = [too_long, failed]


def _usd(functions: Mapping[str, ContainerFunction], limit: DailyLimit) -> cloudwatch.MathExpression:
    """What the functions' time costs in five minutes, in US dollars."""
    price = LAMBDA_GB_SECOND[limit.stack.architecture]
    each = [
        f"FILL(d{i}, 0) * {function.memory_mb / 1024 / 1000 * price:.14f}"
        for i, function in enumerate(functions.values())
    ]
    return cloudwatch.MathExpression(
        label="US dollars of function time in five minutes",
        expression=" + ".join(each),
        using_metrics={
            f"d{i}": function.function.metric_duration(statistic="Sum", period=FIVE_MINUTES)
            for i, function in enumerate(functions.values())
        },
        period=FIVE_MINUTES,
    )


def _bytes(distribution: cloudfront.Distribution) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name="BytesDownloaded",
        dimensions_map={"DistributionId": distribution.distribution_id, "Region": "Global"},
        statistic="Sum",
        period=FIVE_MINUTES,
    )
