"""One model's function: everything about it follows from its card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.container_function import ContainerFunction
from infra.constructs.data_store import DataStore
from infra.settings import Settings
from shared import storage
from shared.contracts.card import Card
from shared.contracts.deployment import MODEL_TIMEOUT_S
from shared.inference.model import engine_of

OF_A_BATCH = {"POWERTOOLS_METRICS_DISABLED": "true"}
"""Environment of a batch's functions: graphs and alarms are about visitors only."""


class ModelFunction(ContainerFunction):
    """Reads its own network and the photos whose names it is told; writes under its own name.

    `version` is what is invoked: a caller that was told of it goes on with it while the next is deployed.
    It decodes what strangers send. So it may not list the bucket: without a photo's SHA-256 there is no finding it.
    With `batch_buckets` it is one for batches, which reads photos there and nothing of visitors'.
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
        batch_buckets: Sequence[s3.IBucket] = (),
    ) -> None:
        """The function of the model of `card`; `others` are the names of all the other models."""
        super().__init__(
            scope,
            construct_id,
            dockerfile="functions/segmenter/Dockerfile",
            build_args={"MODEL": card.name, "ENGINE": engine_of(card, settings.engine)},
            leave_out=["functions/orchestrator", *(f"functions/models/{name}" for name in others)],
            description=f"Tripane: segments photos{' of batches' if batch_buckets else ''} with {card.title}",
            architecture=settings.architecture,
            memory_mb=settings.model_memory_mb,
            timeout_s=MODEL_TIMEOUT_S,
            environment={"TRIPANE_DATA_BUCKET": data.bucket.bucket_name, **(OF_A_BATCH if batch_buckets else {})},
            snap_start=settings.snap_start and not batch_buckets,
            versions=None if batch_buckets else _kept_ready(settings),
        )
        name = card.name
        network = storage.model_file_key(name, "*", "")
        if batch_buckets:
            read, written = [network], [storage.batch_results_prefix("*", name, "*") + "*"]
            for bucket in batch_buckets:
                self.allow("s3:GetObject", bucket, ["*"], "A batch is about any photo of this bucket.")
        else:
            read = [network, storage.upload_key("*"), storage.sample_key("*")]
            written = [storage.results_prefix("*", name, "*", is_sample=kept) + "*" for kept in (True, False)]
        self.allow(
            "s3:GetObject",
            data.bucket,
            read,
            "A model reads its own network, of any version, and any photo whose SHA-256 it is given.",
        )
        self.allow(
            "s3:PutObject", data.bucket, written, "A model writes what it made of any photo, under its own name."
        )
        self.version = self.function.current_version


def _kept_ready(settings: Settings) -> lambda_.VersionOptions:
    return lambda_.VersionOptions(
        # A version that is kept ready is paid for: the old one goes when the shift from it is over.
        removal_policy=cdk.RemovalPolicy.DESTROY if settings.versions_cost else cdk.RemovalPolicy.RETAIN,
        provisioned_concurrent_executions=settings.provisioned_concurrency or None,
    )
