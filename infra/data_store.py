"""The private bucket of weights, samples, photos and results."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from shared import storage


class DataStore(Construct):
    """`bucket`, in which what visitors bring lives for a day."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        a_day = cdk.Duration.days(1)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            lifecycle_rules=[
                s3.LifecycleRule(id="uploads", prefix=storage.UPLOADS, expiration=a_day),
                s3.LifecycleRule(id="results-of-uploads", prefix=storage.UPLOADS_RESULTS, expiration=a_day),
                s3.LifecycleRule(id="unfinished", abort_incomplete_multipart_upload_after=a_day),
            ],
            removal_policy=cdk.RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )

    def arn(self, key: str) -> str:
        """The ARN of objects; `key` may hold wildcards."""
        return self.bucket.arn_for_objects(key)
