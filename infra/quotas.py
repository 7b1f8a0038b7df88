"""How many resources of each kind in the stack a new account allows.

AWS's documented defaults, asked of no account. API Gateway's, CloudFront's, Lambda's, WAF's and IAM's were held against
its documentation in November 2026; look all up before you rely on them. `python -m infra.tools.quotas` prints the table
of docs/operations.md; a test holds the template to it. `make deploy` asks the account for the one that differs between
accounts, Lambda's concurrent executions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

BY_TYPE = {
    "AWS::ApiGatewayV2::Api": 600,
    "AWS::ApiGatewayV2::Integration": 300,
    "AWS::ApiGatewayV2::Route": 300,
    "AWS::ApiGatewayV2::Stage": 10,
    "AWS::CloudFront::CachePolicy": 20,
    "AWS::CloudFront::Distribution": 500,
    "AWS::CloudFront::Function": 100,
    "AWS::CloudFront::OriginAccessControl": 100,
    "AWS::CloudFront::ResponseHeadersPolicy": 20,
    "AWS::CloudWatch::Alarm": 5000,
    "AWS::CodeDeploy::Application": 1000,
    "AWS::CodeDeploy::DeploymentGroup": 1000,
    "AWS::Events::Rule": 300,
    "AWS::IAM::Role": 1000,
    "AWS::S3::Bucket": 10_000,
    "AWS::StepFunctions::StateMachine": 10_000,
    "AWS::WAFv2::WebACL": 100,
}
"""How many of a kind there can be, in an account or in what they belong to."""

WITHOUT = (
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::Dashboard",
    "AWS::IAM::Policy",  # inline: its size counts
    "AWS::Lambda::Alias",
    "AWS::Lambda::Function",  # what runs at once counts
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SecretsManager::Secret",
    "Custom::",
)
"""Prefixes of kinds whose quota is out of reach."""

RESOURCES_OF_A_STACK = 500
BYTES_OF_A_TEMPLATE = 1_000_000
BYTES_OF_A_ROLES_POLICIES = 10_240
BYTES_OF_VARIABLES = 4096
BYTES_OF_A_CLOUDFRONT_FUNCTION = 10_240


def table(template: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """What there is, how much of it, and how much a new account allows: a row for each quota."""
    resources = template["Resources"].values()
    counts = Counter(resource["Type"] for resource in resources)
    rows = [(kind.removeprefix("AWS::"), counts[kind], most) for kind, most in BY_TYPE.items() if counts[kind]]
    return [
        *rows,
        ("resources of the stack", len(template["Resources"]), RESOURCES_OF_A_STACK),
        ("bytes of the template", _bytes(template), BYTES_OF_A_TEMPLATE),
        (
            "bytes of one role's policies",
            _largest(resources, "AWS::IAM::Policy", "PolicyDocument"),
            BYTES_OF_A_ROLES_POLICIES,
        ),
        (
            "bytes of one function's variables",
            _largest(resources, "AWS::Lambda::Function", "Environment"),
            BYTES_OF_VARIABLES,
        ),
        (
            "bytes of a CloudFront function",
            _largest(resources, "AWS::CloudFront::Function", "FunctionCode"),
            BYTES_OF_A_CLOUDFRONT_FUNCTION,
        ),
    ]


def unknown(template: Mapping[str, Any]) -> set[str]:
    """Kinds of resources that this file does not cover."""
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    return {kind for kind in kinds if kind not in BY_TYPE and not kind.startswith(WITHOUT)}


def _largest(resources: Any, kind: str, member: str) -> int:
    """Bytes of the largest `member` of a resource of that kind, with references as long as they are here."""
    return max((_bytes(r["Properties"].get(member, "")) for r in resources if r["Type"] == kind), default=0)


def _bytes(value: Any) -> int:
    return len(value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))
