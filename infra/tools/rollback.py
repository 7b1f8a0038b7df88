"""Return to the previous version: `python -m infra.tools.rollback`.

A deployment that is still shifting is stopped, and CodeDeploy moves the alias back. Otherwise the alias is moved to the
version published before; that goes on with the models' versions that it was published with. The former index.html
follows. Photos and results stay. The next `make deploy` goes forward again, from whatever is checked out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.tools.outputs import outputs

LIVE = "live"
INDEX = "index.html"
UNDER_WAY = ["Created", "Queued", "InProgress", "Ready"]


class RollbackError(Exception):
    """There is nothing to go back to; says why."""


def roll_back(found: dict[str, str]) -> list[str]:
    """Go back, by the stack's outputs; returns what was done. Raises `RollbackError`, and botocore's errors."""
    if stopped := stop_shift(found["ShiftApplication"], found["ShiftGroup"]):
        return [f"The deployment {stopped} was shifting: it is stopped, and CodeDeploy moves the alias back."]
    version, shifted = former_version(found["OrchestratorFunction"], found["Distribution"])
    boto3.client("lambda").update_alias(
        FunctionName=found["OrchestratorFunction"],
        Name=LIVE,
        FunctionVersion=version,
        RoutingConfig={"AdditionalVersionWeights": {}},
    )
    return [f"The API is version {version} again.", restore_page(found["PageBucket"], found["Distribution"], shifted)]


def stop_shift(application: str, group: str) -> str | None:
    """Stop the deployment that is under way, which moves the alias back; its id, or None when there is none."""
    codedeploy = boto3.client("codedeploy")
    under_way = codedeploy.list_deployments(
        applicationName=application, deploymentGroupName=group, includeOnlyStatuses=UNDER_WAY
    )["deployments"]
    for deployment in under_way:
        codedeploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
    return under_way[0] if under_way else None


def former_version(function: str, distribution: str) -> tuple[str, datetime]:
    """The version published before the one that the alias has, if all that it needs is still there.

    With a moment between the deployments of the two: what was published before it belongs to that version.
    """
    functions = boto3.client("lambda")
    present = int(functions.get_alias(FunctionName=function, Name=LIVE)["FunctionVersion"])
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    published = [found for page in pages for found in page["Versions"] if found["Version"] != "$LATEST"]
    former = [found for found in published if int(found["Version"]) < present]
    live = next(found for found in published if int(found["Version"]) == present)
    if not former:
        raise RollbackError(f"Version {present} is the first: there is none to go back to.")
    newest = max(former, key=lambda found: int(found["Version"]))
    variables = newest["Environment"]["Variables"]
    for model, arn in json.loads(variables["TRIPANE_FUNCTIONS"]).items():
        try:
            functions.get_function_configuration(FunctionName=arn)
        except ClientError as error:
            why = f"Version {newest['Version']} asks {model} by {arn}, which is not there any more"
            raise RollbackError(f"{why}. Check out the commit before and `make deploy`.") from error
    if not taken(distribution, variables.get("TRIPANE_ORIGIN_SECRETS", "")):
        why = f"Version {newest['Version']} does not know the secret that CloudFront sends, which was exchanged since"
        raise RollbackError(f"{why}. Check out the commit before and `make deploy`.")
    began, ended = (datetime.fromisoformat(found["LastModified"]) for found in (newest, live))
    return str(newest["Version"]), began + (ended - began) / 2


def taken(distribution: str, secrets: str) -> bool:
    """Whether an orchestrator that knows `secrets`, separated by commas, answers what CloudFront sends."""
    config: Any = boto3.client("cloudfront").get_distribution_config(Id=distribution)["DistributionConfig"]
    headers = [header for origin in config["Origins"]["Items"] for header in origin["CustomHeaders"].get("Items", [])]
    return not secrets or all(header["HeaderValue"] in secrets.split(",") for header in headers)


def restore_page(bucket: str, distribution: str, before: datetime) -> str:
    """Restore the last index.html of before a moment; returns what was done, in a sentence.

    A deployment that changes nothing in the page publishes none, so that the present one may be it.
    """
    s3 = boto3.client("s3")
    versions = s3.list_object_versions(Bucket=bucket, Prefix=INDEX).get("Versions", [])
    earlier = [page for page in first_of_each(versions) if page["LastModified"] < before]
    if not earlier:
        return "The page stays: there was none before."
    former = earlier[-1]
    if former["ETag"] == versions[0]["ETag"]:
        return "The page stays: it is that version's too."
    source = {"Bucket": bucket, "Key": INDEX, "VersionId": former["VersionId"]}
    s3.copy_object(Bucket=bucket, Key=INDEX, CopySource=source)
    boto3.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={"Paths": {"Quantity": 2, "Items": ["/", f"/{INDEX}"]}, "CallerReference": uuid4().hex},
    )
    return f"The page is the one of {former['LastModified']:%Y-%m-%d %H:%M} again."


def first_of_each(versions: Sequence[Any]) -> list[Any]:
    """Versions of an object, newest first, by content in the order in which each came first: none that was restored."""
    first: dict[str, Any] = {}
    for version in reversed(versions):
        first.setdefault(version["ETag"], version)
    return list(first.values())


def main() -> int:
    """Go back, and say what was done."""
    argparse.ArgumentParser(
        prog="python -m infra.tools.rollback", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    try:
        print("\n".join(roll_back(outputs())))
    except (RollbackError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
