"""What all our buckets have in common."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

ACCESS_LOGS_LIVE = cdk.Duration.days(30)


def private_bucket(
    scope: Construct,
    construct_id: str,
    *,
    logs: s3.IBucket | None = None,
    lifecycle: Sequence[s3.LifecycleRule] = (),
    versioned: bool = False,
    outlives: bool = False,
    ownership: s3.ObjectOwnership = s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
) -> s3.Bucket:
    """A bucket that nobody reads but by a role, over TLS; encrypted; gone with the stack unless it `outlives` that.

    Each request to it is logged in `logs`, under the path of the construct that has it.
    """
    unfinished = s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=cdk.Duration.days(1))
    return s3.Bucket(
        scope,
        construct_id,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=ownership,
        versioned=versioned,
        server_access_logs_bucket=logs,
        server_access_logs_prefix=f"{scope.node.id.lower()}/" if logs else None,
        lifecycle_rules=[*lifecycle, unfinished],
        removal_policy=cdk.RemovalPolicy.RETAIN if outlives else cdk.RemovalPolicy.DESTROY,
        auto_delete_objects=not outlives,
    )


def access_logs_bucket(scope: Construct, construct_id: str, *, outlives: bool) -> s3.Bucket:
    """Where access logs go, which hold visitors' addresses: they are deleted after a month.

    CloudFront writes its logs by access control list, so that lists are allowed here, and only here.
    """
    month = s3.LifecycleRule(id="access-logs", expiration=ACCESS_LOGS_LIVE)
    writer = s3.ObjectOwnership.BUCKET_OWNER_PREFERRED
    return private_bucket(scope, construct_id, lifecycle=[month], ownership=writer, outlives=outlives)
