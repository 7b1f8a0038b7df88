"""The function with which the CDK empties buckets: given a log and rights like our own."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from infra.constructs.container_function import LOGS_LIVE

BUCKET_EMPTIER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def keep_to_its_log(stack: cdk.Stack) -> None:
    """Give the function that empties buckets a log group that goes with the stack, and no right to make another.

    As the CDK has it, its log outlives the stack, and its role is a managed policy. What it may do to a bucket stands
    in the bucket's own policy.
    """
    provider = stack.node.find_child(BUCKET_EMPTIER)
    log_group = logs.LogGroup(stack, "EmptierLog", retention=LOGS_LIVE, removal_policy=cdk.RemovalPolicy.DESTROY)
    role, handler = (cast(cdk.CfnResource, provider.node.find_child(name)) for name in ("Role", "Handler"))
    role.add_property_deletion_override("ManagedPolicyArns")
    role.add_property_override(
        "Policies",
        [
            {
                "PolicyName": "Log",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                            "Resource": log_group.log_group_arn,
                        }
                    ],
                },
            }
        ],
    )
    handler.add_property_override("LoggingConfig", {"LogGroup": log_group.log_group_name})
