"""The HTTP API in front of the orchestrator: throttled, logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.container_function import LOGS_LIVE
from infra.constructs.nag import acknowledge
from shared.contracts.routes import COMPARE, READ, READ_METHODS, WITHDRAW

LOGGED = {
    "time": "$context.requestTimeEpoch",
    "request_id": "$context.requestId",
    "function_request_id": "$context.integration.requestId",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "integration_error": "$context.integrationErrorMessage",
}


class Api(Construct):
    """`http_api`, whose requests all go to one function; `domain` is where CloudFront finds it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, function: lambda_.IFunction, throttles: Mapping[str, Any]
    ) -> None:
        """The API Gateway settings `throttles` are by route, "*" is for every route that has none of its own."""
        super().__init__(scope, construct_id)
        self.http_api = apigateway.HttpApi(
            self, "Http", create_default_stage=False, description="Tripane: compares what models make of a photo"
        )
        integration = HttpLambdaIntegration("Orchestrator", function)
        reading = [apigateway.HttpMethod[method] for method in READ_METHODS]
        self.http_api.add_routes(path=READ, methods=reading, integration=integration)
        compare = self.http_api.add_routes(path=COMPARE, methods=[apigateway.HttpMethod.POST], integration=integration)
        self.http_api.add_routes(path=WITHDRAW, methods=[apigateway.HttpMethod.DELETE], integration=integration)
        acknowledge(self.http_api, "Anyone may call it; throttles and the daily limit bound the cost.", "APIG4")
        stack = cdk.Stack.of(self)
        # Under this name CloudWatch lets API Gateway write without a policy that would outlive the stack.
        log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/vendedlogs/{stack.stack_name}/api-{of_this_life(stack)}",
            retention=LOGS_LIVE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        stage = apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.http_api.api_id,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=cdk.Stack.of(self).to_json_string(LOGGED)
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                detailed_metrics_enabled=False,
                throttling_rate_limit=throttles["*"]["ThrottlingRateLimit"],
                throttling_burst_limit=throttles["*"]["ThrottlingBurstLimit"],
            ),
            route_settings={route: limits for route, limits in throttles.items() if route != "*"},
        )
        stage.node.add_dependency(*compare)
        self.domain = f"{self.http_api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"


def of_this_life(stack: cdk.Stack) -> str:
    """What a stack that is deployed again after it was destroyed, and whose log is still there, has anew."""
    return cdk.Fn.select(0, cdk.Fn.split("-", cdk.Fn.select(2, cdk.Fn.split("/", stack.stack_id))))
