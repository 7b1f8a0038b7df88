"""The orchestrator's function: the API, which asks all models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.container_function import ContainerFunction
from infra.constructs.data_store import DataStore
from infra.constructs.model_function import ModelFunction
from infra.constructs.nag import acknowledge
from infra.settings import Settings
from shared import storage
from shared.contracts.deployment import MODEL_TIMEOUT_S, ORCHESTRATOR_MEMORY_MB, ORCHESTRATOR_TIMEOUT_S

LIVE = "live"
"""The alias that the API calls."""


class OrchestratorFunction(ContainerFunction):
    """Stores photos and markers, reads results, invokes the models, deletes what is taken back; decodes no photo.

    `live` is what is called: an alias that moves to a new version little by little (`GradualShift`).
    It may list the bucket, because S3 tells only those who may that an object is missing, and not forbidden.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        models: Mapping[str, ModelFunction],
        data: DataStore,
        origin_secrets: str,
        settings: Settings,
    ) -> None:
        """The function that invokes `models`, by name, for whoever sends one of `origin_secrets`."""
        functions = {name: model.version.function_arn for name, model in models.items()}
        super().__init__(
            scope,
            construct_id,
            dockerfile="functions/orchestrator/Dockerfile",
            build_args={},
            leave_out=["functions/segmenter", "requirements-torch.txt"],
            description="Tripane: the API; asks all models about a photo",
            architecture=settings.architecture,
            memory_mb=ORCHESTRATOR_MEMORY_MB,
            timeout_s=ORCHESTRATOR_TIMEOUT_S,
            environment={
                "TRIPANE_ALLOWED_ORIGINS": settings.allowed_origins,
                "TRIPANE_DATA_BUCKET": data.bucket.bucket_name,
                "TRIPANE_FUNCTIONS": cdk.Stack.of(scope).to_json_string(functions),
                "TRIPANE_ORIGIN_SECRETS": origin_secrets,
                "TRIPANE_FUNCTION_TIMEOUT_S": str(MODEL_TIMEOUT_S),
            },
        )
        self.allow(
            "s3:GetObject",
            data.bucket,
            [storage.UPLOADS + "*", storage.SAMPLES + "*", storage.RESULTS + "*"],
            "The API shows every photo and result to those who know the photo's SHA-256.",
        )
        self.allow("s3:PutObject", data.bucket, [storage.UPLOADS + "*"], "The API stores any photo under its SHA-256.")
        self.allow(
            "s3:DeleteObject",
            data.bucket,
            [storage.UPLOADS + "*", storage.UPLOADS_RESULTS + "*", storage.SAMPLES_RESULTS + "*"],
            "The API deletes any photo and its results for its sender, and a sample's broken result.",
        )
        self.role.add_to_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[data.bucket.bucket_arn]))
        # Of any version: while a new orchestrator takes over, the old one goes on with those that it was told of.
        versions = {model: f"{model.function.function_arn}:*" for model in models.values()}
        self.role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(versions.values()))
        )
        acknowledge(
            self.role,
            "An orchestrator invokes the models' versions that it was published with.",
            *(f"IAM5[Resource::<{_logical_id(model.function)}.Arn>:*]" for model in versions),
        )
        self.live = lambda_.Alias(self, "Live", alias_name=LIVE, version=self.function.current_version)


def _logical_id(function: lambda_.Function) -> str:
    return cdk.Stack.of(function).get_logical_id(cast(cdk.CfnElement, function.node.default_child))
