"""Whether the CDK's own stack is in the account and region: `python -m infra.tools.bootstrapped` ends with 0 if so."""

from __future__ import annotations

import boto3
from botocore.exceptions import BotoCoreError, ClientError

VERSION = "/cdk-bootstrap/hnb659fds/version"


def main() -> int:
    """Look for the parameter that every bootstrap leaves; without credentials the CDK says what is wrong itself."""
    try:
        boto3.client("ssm").get_parameter(Name=VERSION)
    except (BotoCoreError, ClientError):
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
