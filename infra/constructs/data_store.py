"""The private bucket of weights, samples, photos and results."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.buckets import private_bucket
from shared import storage


class DataStore(Construct):
    """`bucket`, in which what visitors bring, and what is made of it, lives for a day."""

    def __init__(self, scope: Construct, construct_id: str, *, logs: s3.IBucket) -> None:
        super().__init__(scope, construct_id)
        a_day = cdk.Duration.days(1)
        self.bucket = private_bucket(
            self,
            "Bucket",
            logs=logs,
            lifecycle=[
                s3.LifecycleRule(id="uploads", prefix=storage.UPLOADS, expiration=a_day),
                s3.LifecycleRule(id="results-of-uploads", prefix=storage.UPLOADS_RESULTS, expiration=a_day),
            ],
        )
        # What is made of a sample everybody sees, and caches keep it for a year: a broken model cannot change it.
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects(storage.SAMPLES_RESULTS + "*")],
                conditions={"Null": {"s3:if-none-match": "true"}},
            )
        )
