"""What a stack has for batches, found by its outputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from shared.contracts.batch import OUTPUT, Deployed
from tripane.batch import aws
from tripane.errors import UsageError

MOST_AT_ONCE = 100
"""Some 245 photos a second, whose answers are 2,200 of the 3,500 objects a second that S3 lets be written at first."""
OF_A_NEW_ACCOUNT = 10
"""The fewest concurrent executions that Lambda allows an account."""
WITH_BUCKET = '`make deploy ARGS="-c batchBuckets={}"`'


@dataclass(frozen=True)
class Place:
    """Where the photos are: `s3://BUCKET/PREFIX`."""

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address; raises `UsageError`."""
        scheme, _, rest = text.partition("://")
        bucket, _, prefix = rest.partition("/")
        if scheme != "s3" or not bucket:
            raise UsageError(f"{text} is not a place in S3: write it as s3://BUCKET/PREFIX.")
        return cls(bucket, prefix)

    @property
    def folder(self) -> str:
        """The part of keys that photos' names leave out: up to the prefix's last slash."""
        return self.prefix[: self.prefix.rfind("/") + 1]

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def find(stack: str, place: Place, region: str | None) -> Deployed:
    """What `stack` has for a batch of `place`; raises `UsageError` with what is missing."""
    cloudformation = aws.client("cloudformation", region)
    from botocore.exceptions import ClientError

    with aws.explained(f"The stack {stack}"):
        try:
            (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if aws.code(error) != "ValidationError":
                raise
            where = cloudformation.meta.region_name
            raise UsageError(
                f"There is no stack {stack} in {where}: name another by --stack or --region, or `make deploy`."
            ) from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    if OUTPUT not in outputs:
        raise UsageError(
            f"The stack {stack} was deployed without batches: {WITH_BUCKET.format(place.bucket)} brings them."
        )
    try:
        deployed = Deployed.from_document(json.loads(outputs[OUTPUT]))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The stack {stack} is of another version of Tripane than this command: deploy again."
        ) from error
    if place.bucket not in deployed.buckets:
        wanted = ",".join([*deployed.buckets, place.bucket])
        raise UsageError(
            f"The stack {stack} may not read {place.bucket}, but {', '.join(deployed.buckets)}: "
            f"{WITH_BUCKET.format(wanted)} lets it."
        )
    return deployed


def at_once(models: Sequence[str], region: str | None) -> int:
    """How many photos to work on at a time: half of what the account may run at once is left to visitors."""
    limit = aws.client("lambda", region)
    from botocore.exceptions import ClientError

    with aws.explained("The account's concurrent executions"):
        try:
            executions = int(limit.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"])
        except ClientError:
            executions = OF_A_NEW_ACCOUNT  # whoever may run batches need not be one who may look at that
    return max(1, min(MOST_AT_ONCE, executions // 2 // max(1, len(models))))
