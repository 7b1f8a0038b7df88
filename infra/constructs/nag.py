"""Exceptions to cdk-nag's rules, each made where it is needed, with its reason."""

from __future__ import annotations

from typing import cast

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
from aws_cdk import aws_s3 as s3
from constructs import Construct


def acknowledge(construct: Construct, reason: str, *rules: str) -> None:
    """Say of `construct`, and all in it, why it may break `rules` such as "CFR2" or "IAM5[Resource::*]"."""
    found = [Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason) for rule in rules]
    Validations.of(construct).acknowledge(*found)


def wildcard(bucket: s3.IBucket, key: str) -> str:
    """The rule that objects `key` of `bucket`, with wildcards, break in a role."""
    if bucket.node.default_child is None:  # it is no part of the stack
        return f"IAM5[Resource::arn:<AWS::Partition>:s3:::{bucket.bucket_name}/{key}]"
    logical_id = Stack.of(bucket).get_logical_id(cast(CfnElement, bucket.node.default_child))
    return f"IAM5[Resource::<{logical_id}.Arn>/{key}]"
