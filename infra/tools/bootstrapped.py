"""Whether the account and region are bootstrapped for the CDK.

    cdk context --json | python -m infra.tools.bootstrapped

ends with 0 if so. The context may hold the qualifier by which an account tells one such stack from another.
"""

from __future__ import annotations

import json
import sys

import boto3
from aws_cdk import DefaultStackSynthesizer
from botocore.exceptions import BotoCoreError, ClientError

QUALIFIER = "@aws-cdk/core:bootstrapQualifier"


def main() -> int:
    """Look for the parameter that every bootstrap leaves; the CDK itself complains if there are no credentials."""
    try:
        context = json.load(sys.stdin)
    except ValueError:  # the CDK told none, and has said why
        return 1
    qualifier = context.get(QUALIFIER, DefaultStackSynthesizer.DEFAULT_QUALIFIER)
    try:
        boto3.client("ssm").get_parameter(Name=f"/cdk-bootstrap/{qualifier}/version")
    except (BotoCoreError, ClientError):
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
