"""A Lambda function from one of our images, with a role, a log group and traces of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.nag import acknowledge, wildcard
from shared.paths import ROOT

LOGS_LIVE = logs.RetentionDays.ONE_MONTH
PLATFORMS = {"x86_64": ecr_assets.Platform.LINUX_AMD64, "arm64": ecr_assets.Platform.LINUX_ARM64}
SCRIPTS = ("functions/brake", "functions/probe")
"""Folders of functions that are not images: see `ScriptFunction`."""
ARCHITECTURES = {"x86_64": lambda_.Architecture.X86_64, "arm64": lambda_.Architecture.ARM_64}


class ContainerFunction(Construct):
    """`function` may write its own log and traces and nothing else, until its `role` is given more."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dockerfile: str,
        build_args: Mapping[str, str],
        leave_out: Sequence[str],
        description: str,
        architecture: str,
        memory_mb: int,
        timeout_s: int,
        environment: Mapping[str, str],
        snap_start: bool = False,
        versions: lambda_.VersionOptions | None = None,
    ) -> None:
        """Build the image from the repository's root; `leave_out` are patterns as in .dockerignore, added to that.

        What another image alone contains is left out, so that this one's hash changes with its own content only.
        Versions are published as `versions` says: without it, old ones stay, cost nothing and go with the function.
        """
        super().__init__(scope, construct_id)
        self.memory_mb = memory_mb
        self.log_group = logs.LogGroup(self, "Log", retention=LOGS_LIVE, removal_policy=cdk.RemovalPolicy.DESTROY)
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description=description
        )
        self.log_group.grant_write(self.role)
        code = lambda_.DockerImageCode.from_image_asset(
            str(ROOT),
            file=dockerfile,
            build_args=dict(build_args),
            platform=PLATFORMS[architecture],
            exclude=["wheels/*", "!wheels/.gitkeep", *SCRIPTS, *leave_out],
        )
        acknowledge(self.role, "X-Ray's actions do not support resources.", "IAM5[Resource::*]")
        self.function = lambda_.DockerImageFunction(
            self,
            "Function",
            code=code,
            description=description,
            architecture=ARCHITECTURES[architecture],
            memory_size=memory_mb,
            timeout=cdk.Duration.seconds(timeout_s),
            environment={"POWERTOOLS_LOG_LEVEL": "INFO", **environment},
            role=self.role,
            log_group=self.log_group,
            tracing=lambda_.Tracing.ACTIVE,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            current_version_options=versions or lambda_.VersionOptions(removal_policy=cdk.RemovalPolicy.RETAIN),
        )

    def allow(self, action: str, bucket: s3.IBucket, keys: Sequence[str], because: str) -> None:
        """Let the function do `action` on the objects `keys` of `bucket`; `because` is why those have wildcards."""
        resources = [bucket.arn_for_objects(key) for key in keys]
        self.role.add_to_policy(iam.PolicyStatement(actions=[action], resources=resources))
        acknowledge(self.role, because, *(wildcard(bucket, key) for key in keys))
