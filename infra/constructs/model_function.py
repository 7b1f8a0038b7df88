"""One model's function: everything about it follows from its card."""

from __future__ import annotations

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.container_function import ContainerFunction
from infra.constructs.data_store import DataStore
from infra.settings import Settings
from shared import storage
from shared.contracts.card import Card
from shared.contracts.deployment import MODEL_TIMEOUT_S


class ModelFunction(ContainerFunction):
    """Reads its own network and the photos whose names it is told; writes under its own name.

    `version` is what is invoked: a caller that was told of it goes on with it while the next is deployed.
    It decodes what strangers send. So it may not list the bucket: without a photo's SHA-256 there is no finding it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        card: Card,
        others: Iterable[str],
        data: DataStore,
        settings: Settings,
    ) -> None:
        """The function of the model of `card`; `others` are the names of all the other models."""
        super().__init__(
            scope,
            construct_id,
            dockerfile="functions/segmenter/Dockerfile",
            build_args={"MODEL": card.name, "ENGINE": settings.engine},
            leave_out=["functions/orchestrator", *(f"functions/models/{name}" for name in others)],
            description=f"Tripane: segments photos with {card.title}",
            architecture=settings.architecture,
            memory_mb=settings.model_memory_mb,
            timeout_s=MODEL_TIMEOUT_S,
            environment={"TRIPANE_DATA_BUCKET": data.bucket.bucket_name},
            snap_start=settings.snap_start,
            versions=lambda_.VersionOptions(
                # A version that is kept ready is paid for: the old one goes when the shift from it is over.
                removal_policy=cdk.RemovalPolicy.DESTROY if settings.versions_cost else cdk.RemovalPolicy.RETAIN,
                provisioned_concurrent_executions=settings.provisioned_concurrency or None,
            ),
        )
        name = card.name
        self.allow(
            "s3:GetObject",
            data.bucket,
            [storage.model_file_key(name, "*", ""), storage.upload_key("*"), storage.sample_key("*")],
            "A model reads its own network, of any version, and any photo whose SHA-256 it is told.",
        )
        self.allow(
            "s3:PutObject",
            data.bucket,
            [storage.results_prefix("*", name, "*", is_sample=kept) + "*" for kept in (True, False)],
            "A model writes what it made of any photo, under its own name.",
        )
        self.version = self.function.current_version
