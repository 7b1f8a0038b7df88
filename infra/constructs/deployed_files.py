"""What a deployment puts into the buckets: the models' files, samples, the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.constructs.container_function import LOGS_LIVE
from infra.constructs.data_store import DataStore
from infra.constructs.fingerprint import INDEX, publish
from infra.constructs.nag import acknowledge, wildcard
from infra.constructs.site import Site
from shared import model_files, page_files, sample_pages, storage
from shared.contracts.card import Card
from shared.paths import ASSETS_DIR, PAGE_DIR, SAMPLES_DIR

FOREVER = [
    deployment.CacheControl.set_public(),
    deployment.CacheControl.max_age(cdk.Duration.days(365)),
    deployment.CacheControl.immutable(),
]
A_MINUTE = [deployment.CacheControl.set_public(), deployment.CacheControl.max_age(cdk.Duration.minutes(1))]
STALE = ["/", f"/{INDEX}", "/samples/*"]


class DeployedFiles(Construct):
    """`networks` and `samples` are done when those are in the bucket: functions that need them depend on them.

    Nothing that is replaced is deleted: functions and pages that are still about go on with what they began with.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, cards: Iterable[Card], data: DataStore, site: Site
    ) -> None:
        """Raises `ModelFileError`."""
        super().__init__(scope, construct_id)
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Tripane: copies a deployment's files to their buckets",
        )
        self._log = logs.LogGroup(self, "Log", retention=LOGS_LIVE, removal_policy=cdk.RemovalPolicy.DESTROY)
        self._log.grant_write(self._role)
        self._allow(data.bucket, site)
        with TemporaryDirectory() as folder:
            collect_model_files(cards, ASSETS_DIR, Path(folder))
            self.networks = self._put("Networks", Path(folder), data.bucket, FOREVER)
        # Pictures of samples stay in CloudFront under names that do not change with them.
        self.samples = self._put(
            "Samples", SAMPLES_DIR, data.bucket, A_MINUTE, prefix=storage.SAMPLES, site=site, stale=["/v1/*"]
        )
        with TemporaryDirectory() as files:
            version, index = publish(PAGE_DIR, Path(files))
            collect_page_files(cards, ASSETS_DIR, Path(files))
            page = self._put("PageFiles", Path(files), site.bucket, FOREVER)
        entry = self._put("PageIndex", site_pages(site, version, index), site.bucket, A_MINUTE, site=site, stale=STALE)
        entry.node.add_dependency(page)

    def _allow(self, data: s3.IBucket, site: Site) -> None:
        """What `aws s3 cp` needs of the deployment's assets, and `aws s3 sync` of our buckets, and no more."""
        stack = cdk.Stack.of(self)
        assets = "arn:{}:s3:::cdk-" + str(stack.synthesizer.bootstrap_qualifier) + "-assets-{}-{}/*"
        written = [(data, storage.MODELS + "*"), (data, storage.SAMPLES + "*"), (site.bucket, "*")]
        for actions, resources in (
            (["s3:GetObject"], [assets.format(stack.partition, stack.account, stack.region)]),
            (["s3:ListBucket"], [data.bucket_arn, site.bucket.bucket_arn]),
            (["s3:PutObject", "s3:AbortMultipartUpload"], [bucket.arn_for_objects(key) for bucket, key in written]),
            (["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"], [site.distribution.distribution_arn]),
        ):
            self._role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        acknowledge(
            self._role,
            "A deployment's files have names that are not known before; only a deployment calls the function.",
            *(wildcard(bucket, key) for bucket, key in written),
            f"IAM5[Resource::{assets.format('<AWS::Partition>', '<AWS::AccountId>', '<AWS::Region>')}]",
        )
        acknowledge(stack, "The CDK chooses the runtime of the functions that it brings.", "L1")

    def _put(
        self,
        construct_id: str,
        what: Path | Mapping[str, str],
        bucket: s3.IBucket,
        caching: Sequence[deployment.CacheControl],
        *,
        prefix: str | None = None,
        site: Site | None = None,
        stale: Sequence[str] = (),
    ) -> deployment.BucketDeployment:
        """Copy a folder, or texts by key, to `bucket`; then have `site` forget the paths `stale`."""
        if isinstance(what, Path):
            sources = [deployment.Source.asset(str(what), exclude=["*.md"])]
        else:  # texts may hold what is known at deployment only
            sources = [deployment.Source.data(key, text) for key, text in what.items()]
        copied = deployment.BucketDeployment(
            self,
            construct_id,
            sources=sources,
            destination_bucket=bucket,
            destination_key_prefix=prefix,
            cache_control=list(caching),
            distribution=site.distribution if site else None,
            distribution_paths=list(stale) or None,
            prune=False,
            role=self._role.without_policy_updates(),  # the CDK would let it read and delete visitors' photos
            log_group=self._log,
            memory_limit=512,
        )
        copied.node.add_dependency(self._role)
        return copied


def collect_page_files(cards: Iterable[Card], assets: Path, target: Path) -> None:
    """Copy what the page fetches beyond its own files to `target`. Raises `ModelFileError`, `EngineMissingError`."""
    for address, content in [
        *((address, file.read(assets)) for address, file in page_files.networks(cards, brought=False).items()),
        *((address, path.read_bytes()) for address, path in page_files.engine_files().items()),
    ]:
        copy = target / address
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)


def site_pages(site: Site, version: str, index: str) -> dict[str, str]:
    """The pages with the site's address in them, by key: index.html, and each sample's."""
    address = site.address.removesuffix("/")
    samples = sample_pages.sample_pages(address, f"/{version}")
    return {INDEX: sample_pages.placed(index, address)} | {
        f"samples/{name}/{INDEX}": page for name, page in samples.items()
    }


def collect_model_files(cards: Iterable[Card], assets: Path, target: Path) -> None:
    """Copy every file that `cards` name to `target`, under its name in the bucket. Raises `ModelFileError`."""
    for card in cards:
        for file in model_files.all_of(card):
            copy = target / file.key
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read(assets))
